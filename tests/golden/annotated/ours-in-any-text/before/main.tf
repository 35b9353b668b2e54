  # renovate: datasource=docker depName=hashicorp/consul
  default = "1.16.0"
