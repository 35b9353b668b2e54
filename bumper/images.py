"""What is known of some images as data: whose major is never a small step. Pure.

*Stateful*: they keep data in a format of their own; a major is never grouped or merged by itself.
*Stepwise*: their makers forbid skipping a major, so the next one is proposed, not the newest.
Each entry names its source.
"""

from __future__ import annotations

__all__ = ["STATEFUL", "STEPWISE", "matches"]

# Normalised name without registry -> where the maker says so.
STEPWISE = {
    "library/nextcloud": "docs.nextcloud.com, admin manual, Upgrade: majors one by one",
    "linuxserver/nextcloud": "docs.nextcloud.com, admin manual, Upgrade: majors one by one",
    "gitlab/gitlab-ce": "docs.gitlab.com, Upgrade paths: required stops",
    "gitlab/gitlab-ee": "docs.gitlab.com, Upgrade paths: required stops",
    "library/mongo": "mongodb.com/docs, Upgrade: the feature compatibility version moves one release",
    "library/elasticsearch": "elastic.co/guide, Upgrade: from the last minor of the previous major",
    "elasticsearch/elasticsearch": "elastic.co/guide, Upgrade: from the last minor of the previous major",
    "opensearchproject/opensearch": "docs.opensearch.org, Migrate or upgrade: one major at a time",
    "library/rabbitmq": "rabbitmq.com/docs/upgrade: supported upgrade paths",
}
STATEFUL = {
    "library/postgres": "postgresql.org/docs, Upgrading a PostgreSQL Cluster: dump or pg_upgrade",
    "bitnami/postgresql": "postgresql.org/docs, Upgrading a PostgreSQL Cluster: dump or pg_upgrade",
    "library/mysql": "dev.mysql.com/doc, Upgrade Paths",
    "library/mariadb": "mariadb.com/kb, Upgrading: mariadb-upgrade, no downgrade",
    "library/redis": "redis.io/docs, Upgrade: RDB and AOF formats do not go back",
    "valkey/valkey": "valkey.io, Migration: RDB formats do not go back",
    "confluentinc/cp-kafka": "docs.confluent.io, Upgrade: protocol versions in steps",
    "apache/kafka": "kafka.apache.org/documentation, Upgrading",
    "keycloak/keycloak": "keycloak.org, Upgrading Guide: the database is migrated, no way back",
    **STEPWISE,
}


def matches(table: dict[str, str], repository: str) -> bool:
    """Say whether a repository (path without registry) stands in a table."""
    return repository in table
