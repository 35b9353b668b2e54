"""What is known of some images as data: whose major is never a small step. Pure.

*Stateful*: they keep data in a format of their own; a major is never grouped or merged by itself.
*Stepwise*: their makers forbid skipping a major, so the next one is proposed, not the newest.
Each entry names its source.
"""

from __future__ import annotations

__all__ = ["STATEFUL", "STEPWISE", "is_stateful", "is_stepwise"]

_NEXTCLOUD = "docs.nextcloud.com, admin manual, Upgrade: majors one by one"
_GITLAB = "docs.gitlab.com, Upgrade paths: required stops"
_MONGO = "mongodb.com/docs, Upgrade: the feature compatibility version moves one release"
_ELASTIC = "elastic.co/guide, Upgrade: from the last minor of the previous major"
_OPENSEARCH = "docs.opensearch.org, Migrate or upgrade: one major at a time"
_RABBIT = "rabbitmq.com/docs/upgrade: supported upgrade paths"
_POSTGRES = "postgresql.org/docs, Upgrading a PostgreSQL Cluster: dump or pg_upgrade"
_MYSQL = "dev.mysql.com/doc, Upgrade Paths"
_MARIADB = "mariadb.com/kb, Upgrading: mariadb-upgrade, no downgrade"
_REDIS = "redis.io/docs, Upgrade: RDB and AOF formats do not go back"
_KAFKA = "kafka.apache.org/documentation, Upgrading"

# Normalised name without registry -> where the maker says so.
STEPWISE = {
    "library/nextcloud": _NEXTCLOUD, "linuxserver/nextcloud": _NEXTCLOUD,
    "gitlab/gitlab-ce": _GITLAB, "gitlab/gitlab-ee": _GITLAB,
    "library/mongo": _MONGO, "bitnami/mongodb": _MONGO, "bitnamilegacy/mongodb": _MONGO,
    "library/elasticsearch": _ELASTIC, "elasticsearch/elasticsearch": _ELASTIC,
    "bitnami/elasticsearch": _ELASTIC, "bitnamilegacy/elasticsearch": _ELASTIC,
    "opensearchproject/opensearch": _OPENSEARCH,
    "library/rabbitmq": _RABBIT, "bitnami/rabbitmq": _RABBIT, "bitnamilegacy/rabbitmq": _RABBIT,
}  # fmt: skip
STATEFUL = {
    "library/postgres": _POSTGRES, "bitnami/postgresql": _POSTGRES,
    "bitnamilegacy/postgresql": _POSTGRES, "postgis/postgis": _POSTGRES,
    "timescale/timescaledb": _POSTGRES, "cloudnative-pg/postgresql": _POSTGRES,
    "immich-app/postgres": _POSTGRES, "pgvector/pgvector": _POSTGRES,
    "library/mysql": _MYSQL, "bitnami/mysql": _MYSQL, "library/percona": _MYSQL,
    "library/mariadb": _MARIADB, "bitnami/mariadb": _MARIADB, "linuxserver/mariadb": _MARIADB,
    "library/redis": _REDIS, "bitnami/redis": _REDIS,
    "valkey/valkey": "valkey.io, Migration: RDB formats do not go back",
    "confluentinc/cp-kafka": "docs.confluent.io, Upgrade: protocol versions in steps",
    "apache/kafka": _KAFKA, "bitnami/kafka": _KAFKA,
    "keycloak/keycloak": "keycloak.org, Upgrading Guide: the database is migrated, no way back",
    **STEPWISE,
}  # fmt: skip


def is_stateful(repository: str, told: bool | None) -> bool:  # noqa: FBT001 - a setting's value
    """Say whether a repository (path without registry) keeps data; what the config told wins."""
    return repository in STATEFUL if told is None else told


def is_stepwise(repository: str, told: bool | None) -> bool:  # noqa: FBT001 - a setting's value
    """Say whether a repository's majors come one by one; what the config told wins."""
    return repository in STEPWISE if told is None else told
