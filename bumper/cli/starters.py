"""What `init` can write, by name. Data alone: `bumper init --help` needs no more."""

from __future__ import annotations

__all__ = ["WHAT"]

# What can be asked for: the file among the templates, its place in the repository ("" : it is printed).
WHAT = {
    "config": ("", "bumper.yaml"),
    "github": ("github.yml", ".github/workflows/bumper.yml"),
    "gitea": ("gitea.yml", ".gitea/workflows/bumper.yml"),
    "forgejo": ("forgejo.yml", ".forgejo/workflows/bumper.yml"),
    "gitlab": ("gitlab.yml", ".gitlab/bumper.yml"),
    "woodpecker": ("woodpecker.yaml", ".woodpecker/bumper.yaml"),
    "drone": ("drone.yml", ".drone.yml"),
    "cronjob": ("cronjob.yaml", ""),
    "swarm": ("swarm.yaml", ""),
    "container": ("Containerfile", ""),
    "pre-commit": ("pre-commit.yaml", ""),
    "zabbix": ("zabbix.yaml", ""),
}
