/* Values of a row, told apart by their units, signs and decimals. */
#include "invoice/marks.h"
#include "base/str.h"
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter_before(const char *t, uint32_t at)
{
    return at > 0 && (*french_fold((unsigned char)t[at - 1]) ||
                      (unsigned char)t[at - 1] >= 0xC0 ||
                      t[at - 1] == ',' || t[at - 1] == '.' ||
                      t[at - 1] == '/');
}

/* A value may begin here: a digit, or a sign before one, after a break. */
static bool begins(const char *t, uint32_t at)
{
    bool sign = t[at] == '-' &&
                (is_digit(t[at + 1]) ||
                 (t[at + 1] == ' ' && is_digit(t[at + 2]) &&
                  (at == 0 || t[at - 1] == '\t')));
    return (is_digit(t[at]) || sign) && !letter_before(t, at);
}

static size_t period_at(const char *t, uint32_t at, struct mark *m)
{
    /* "du " stands before the digit we are at */
    size_t n = french_period(t + at, &m->start, &m->end);
    if (n)
        m->kind = MARK_PERIOD;
    else if ((n = french_date(t + at, &m->start)) != 0)
        m->kind = MARK_DATE;
    return n;
}

static size_t price_at(const char *t, struct mark *m)
{
    struct french_price p;
    if (!french_price(t, &p))
        return 0;
    m->kind = MARK_PRICE;
    m->unit = p.unit;
    m->micro = p.micro;
    m->decimals = p.decimals;
    return french_number(t, &m->n) ? p.len : 0;
}

/* "6 210 | kWh | 14,520": the unit stands in a column of its own. Bytes up
 * to its end, 0 for none. */
static size_t unit_column(const char *p, enum unit *unit)
{
    if (*p != '\t')
        return 0;
    const size_t n = french_unit(p + 1, unit);
    return n && (p[1 + n] == '\t' || !p[1 + n]) ? 1 + n : 0;
}

static size_t number_at(const char *t, struct mark *m)
{
    int per_euro;
    if (!french_number(t, &m->n))
        return 0;
    size_t len = m->n.len, gap = strspn(t + len, " ");
    const char *p = t + len + gap;
    size_t n = french_currency(p, &per_euro);
    m->kind = MARK_NUMBER;
    if (*p == '%') {
        m->kind = MARK_RATE;
        return len + gap + 1;
    }
    bool each = n && p[n + strspn(p + n, " ")] == '/'; /* "0,05 € /appel" */
    if (n && per_euro == 1 && !each) {
        bool credit = str_starts(p + n, " CR");
        m->kind = m->n.decimals <= 2 ? MARK_MONEY : MARK_PRICE;
        m->micro = french_scaled(&m->n, 6);
        m->decimals = m->n.decimals;
        m->n.digits = credit ? -m->n.digits : m->n.digits;
        return len + gap + n;
    }
    if (n && per_euro == 100) { /* a column of cents: the unit is its own */
        m->kind = MARK_PRICE;
        m->decimals = m->n.decimals + 2;
        m->micro = french_scaled(&m->n, 6) / 100;
        return len + gap + n;
    }
    n = french_unit(p, &m->unit);
    if (n || (n = unit_column(p, &m->unit)) != 0) {
        m->kind = MARK_QUANTITY;
        return len + gap + n;
    }
    if (m->n.decimals == 2 && !each)
        m->kind = MARK_MONEY;
    return len;
}

size_t marks_scan(const struct row *row, struct mark *out)
{
    size_t n = 0;
    const char *t = row->text;
    for (uint32_t at = 0; at < row->len && n < MARKS_MAX; at++) {
        struct mark m = {0};
        if (!begins(t, at))
            continue;
        size_t len = period_at(t, at, &m);
        if (!len)
            len = price_at(t + at, &m);
        if (!len)
            len = number_at(t + at, &m);
        if (!len) {
            size_t skip = french_digits(t + at);
            at += skip ? (uint32_t)skip - 1 : 0;
            continue;
        }
        m.from = at;
        m.to = at + (uint32_t)len;
        if (m.kind == MARK_PERIOD && at >= 3 &&
            (str_starts(t + at - 3, "du ") || str_starts(t + at - 3, "Du ")))
            m.from -= 3;
        layout_extent(row, m.from, m.to, &m.x0, &m.x1);
        m.ink = layout_ink(row, at, at + (uint32_t)(m.n.len ? m.n.len : len));
        out[n++] = m;
        at += (uint32_t)len - 1;
    }
    return n;
}

uint32_t marks_ink(const struct mark *m, int scale)
{
    int up = scale - m->n.decimals;
    if (up > 31 || up < -31)
        return 0;
    return up >= 0 ? m->ink << up : m->ink >> -up;
}

bool marks_product_ok(int64_t quantity_milli, int64_t price_micro,
                      int price_decimals, int64_t cents)
{
    __int128 product = (__int128)quantity_milli * price_micro;
    __int128 off = product - (__int128)cents * 10000000;
    __int128 room = 5100000; /* half a cent in billionths, and a little */
    if (price_decimals >= 4) { /* the price itself is rounded */
        int64_t step = 1;
        for (int i = price_decimals; i < 6; i++)
            step *= 10;
        __int128 q = quantity_milli < 0 ? -quantity_milli : quantity_milli;
        room += q * step / 2;
    }
    return (off < 0 ? -off : off) <= room;
}

bool marks_vat_ok(int64_t base_cents, int32_t rate_bp, int64_t vat_cents)
{
    __int128 off = (__int128)base_cents * rate_bp -
                   (__int128)vat_cents * 10000;
    return (off < 0 ? -off : off) <= 20000;
}

bool marks_legal_rate(int32_t bp)
{
    static const int32_t rates[] = {0,   210,  550,  850, 1000,
                                    1300, 1960, 2000};
    for (size_t i = 0; i < ARRAY_LEN(rates); i++)
        if (rates[i] == bp)
            return true;
    return false;
}
