"""What a licence's plan costs by the words of docs/BILLING.md, apart from the
SQL: a random story of changes as statements, and what must come of it.

    python3 tests/lib/plan_model.py SEED STEPS FILE-OF-STATEMENTS FILE-OF-ANSWERS
"""
import calendar
import datetime
import random
import sys
from fractions import Fraction
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# name: versions of (quota, cents); as the migrations have them
PLANS = {"basic": [(100, 4900)], "pro": [(500, 19900)], "enterprise": [(2000, 69900)], "custom": [(0, 0)]}


def half_up(value):
    return int(value + Fraction(1, 2))


class Licence:
    def __init__(self, number, plan, quota, mode):
        self.id, self.plan, self.quota, self.mode = number, (plan, 1), quota, mode
        self.waiting = None  # (plan, quota, month)
        self.level = {}  # month: dearest price paid for
        self.lines = []  # (month, kind, cents)

    def price(self, plan=None):
        name, version = plan or self.plan
        return PLANS[name][version - 1][1]

    def begin(self, month):
        """The month as it finds the licence."""
        if self.waiting and self.waiting[2] <= month:
            self.plan, self.quota, _ = self.waiting
            self.waiting = None

    def pay(self, month):
        """The month's plan, once."""
        self.begin(month)
        if self.mode == "quota" and self.price() and month not in self.level:
            self.level[month] = self.price()
            self.lines.append((month, "plan", self.price()))

    def pay_difference(self, day):
        month = day.replace(day=1)
        if self.mode != "quota" or self.price() <= self.level[month]:
            return
        days = calendar.monthrange(day.year, day.month)[1]
        more = Fraction((self.price() - self.level[month]) * (days - day.day + 1), days)
        self.level[month] = self.price()
        self.lines.append((month, "plan_change", half_up(more)))

    def change(self, day, name, quota, mode):
        """The quota of this month afterwards."""
        month = day.replace(day=1)
        self.begin(month)
        if name and not (self.waiting and name == self.plan[0]):
            target = (name, len(PLANS[name]))
            units = PLANS[name][-1][0] if quota is None else quota
        else:
            target, units = self.plan, self.quota if quota is None else quota
        if name:
            self.waiting = None
        by_plan = self.mode == "quota" and mode in (None, "quota")
        if by_plan and target != self.plan and self.price(target) <= self.price():
            self.waiting = (target, units, (month + datetime.timedelta(days=31)).replace(day=1))
            return self.quota
        self.plan, self.quota, self.mode = target, units, mode or self.mode
        if month in self.level:
            self.pay_difference(day)
        else:
            self.pay(month)
        return self.quota


def literal(value):
    return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)


def main(seed, steps, statements, answers):
    dice = random.Random(seed)
    moment = datetime.datetime(2027, 10, 28, 12, tzinfo=datetime.timezone.utc)
    licences, out, expected = [], [], []
    for number in range(1000, 1040):
        plan, mode = dice.choice(list(PLANS)), dice.choice(["quota", "quota", "quota", "search"])
        licences.append(Licence(number, plan, PLANS[plan][0][0], mode))
        out.append("INSERT INTO license (id, client, plan, billing_mode, quota_monthly, key_hash, key_form, key_prefix, expires_at) "
                   f"VALUES ({number}, 'M', '{plan}', '{mode}', {PLANS[plan][0][0]}, encode(sha256('{number}'), 'hex'), "
                   "'opaque', 'lic_', '2100-01-01');")
    for _ in range(steps):
        # hours, and now and then the seconds around a midnight of Paris
        moment += datetime.timedelta(seconds=dice.randrange(int(190 * 86400 * 2 / steps)))
        if dice.random() < 0.1:
            local = moment.astimezone(PARIS)
            night = datetime.datetime(local.year, local.month, local.day, tzinfo=PARIS) + datetime.timedelta(days=1)
            moment = max(moment, night.astimezone(datetime.timezone.utc) - datetime.timedelta(seconds=dice.randrange(2)))
        at, day = moment.isoformat(), moment.astimezone(PARIS).date()
        x = dice.choice(licences)
        if dice.random() < 0.01:
            name = dice.choice(["basic", "pro", "enterprise"])
            quota, cents = PLANS[name][-1]
            PLANS[name].append((quota + dice.randrange(50), max(1, cents + dice.choice([-1000, -7, 0, 0, 13, 1999]))))
            out.append(f"INSERT INTO license_plan (name, version, quota_monthly, price_cents) VALUES ('{name}', "
                       f"{len(PLANS[name])}, {PLANS[name][-1][0]}, {PLANS[name][-1][1]});")
        elif dice.random() < 0.4:
            x.pay(day.replace(day=1))
            out.append(f"DO $$BEGIN PERFORM charge_plan({x.id}, charge_month('{at}')); END$$;")
        else:
            name = dice.choice([None, *PLANS])
            quota = dice.choice([None, None, None, dice.randrange(3000)])
            mode = dice.choice([None] * 8 + ["quota", "quota", "search", "result"])
            expected.append(str(x.change(day, name, quota, mode)))
            out.append(f"SELECT license_change_plan({x.id}, {literal(name)}, {literal(quota)}, {literal(mode)}, 'm', '{at}');")
    out.append("SELECT subject_id, month, kind, price_micro_euros FROM ledger WHERE subject_id >= 1000 ORDER BY subject_id, id;")
    out.append("SELECT id, plan, plan_version, quota_monthly, billing_mode, next_plan, next_version, next_quota, next_month "
               "FROM license WHERE id >= 1000 ORDER BY id;")
    for x in licences:
        expected += [f"{x.id}|{month}|{kind}|{cents * 10000}" for month, kind, cents in x.lines]
    for x in licences:
        waiting = [*x.waiting[0], *x.waiting[1:]] if x.waiting else [""] * 4
        expected.append("|".join(map(str, [x.id, *x.plan, x.quota, x.mode, *waiting])))
    with open(statements, "w") as f:
        f.write("BEGIN;\n" + "\n".join(out) + "\nCOMMIT;\n")
    with open(answers, "w") as f:
        f.write("\n".join(expected) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
