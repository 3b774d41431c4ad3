"""Tenants with a quota of their own, and what was counted, for tests."""
import secrets

from accounts import User, sql, value


def client(desk, invoices):
    """A user whose tenant may have so many invoices a month."""
    user = User(desk)
    tier = "test_" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(12))
    sql(desk, "INSERT INTO subscription_quotas (tier, max_users, max_api_keys, max_products, max_platforms, "
              f"ai_credits_monthly, invoices_monthly) VALUES ('{tier}', 9, 9, 9, 9, 7, {invoices})")
    sql(desk, f"UPDATE tenants SET subscription_tier = '{tier}' WHERE id = {user.tenant}")
    return user


def meter(desk, user):
    """(used, reserved) of the tenant's invoices this month, by the database."""
    rows = sql(desk, "SELECT used, reserved FROM meter WHERE subject_kind = 'tenant' AND "
                     f"subject_id = {user.tenant} AND counter = 'invoices' AND month = charge_month()")
    return tuple(map(int, rows[0])) if rows else (0, 0)


def lines(desk, user):
    """How many charges the ledger has of the tenant, and of how many keys."""
    return tuple(map(int, sql(
        desk, "SELECT count(*), count(DISTINCT idempotency_hash) FROM ledger WHERE subject_kind = 'tenant' AND "
              f"subject_id = {user.tenant} AND kind = 'use'")[0]))


def problems(desk):
    return sql(desk, "SELECT * FROM charge_verify()")


def count(desk, what):
    return int(value(desk, f"SELECT count(*) FROM {what}"))
