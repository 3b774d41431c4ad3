/* Parsers of values: each looks at a span of a row and takes the first thing
 * that has the shape of its field. */
#include "invoice/reader_parse.h"
#include "base/str.h"
#include "invoice/french.h"
#include <string.h>

/* ---- helpers ------------------------------------------------------------ */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of punctuation and small words before a value: ": n° (", "le ". */
static uint32_t skip_filler(const char *s, uint32_t n)
{
    static const char *const words[] = {"n°", "N°", "no ", "nº", "le ", "Le ",
                                        "du ", "Du ", "au ", "est ", "de ",
                                        "–", "—", "°", "º", "→"};
    uint32_t i = 0;
    for (;;) {
        uint32_t from = i;
        while (i < n && strchr(" :.-=>(#", s[i]))
            i++;
        for (size_t k = 0; k < ARRAY_LEN(words); k++)
            if (i < n && str_starts(s + i, words[k]))
                i += (uint32_t)strlen(words[k]);
        if (i == from || i >= n)
            return i < n ? i : n;
    }
}

static void place(struct candidate *c, const struct span *s, uint32_t from,
                  uint32_t len)
{
    c->from = from;
    c->to = from + len < s->row->len ? from + len : s->row->len;
}

/* ---- parsers ------------------------------------------------------------ */

/* Digits with single spaces between them; returns bytes, *n digits. */
static uint32_t digit_run(const char *s, char *out, size_t max, size_t *n)
{
    uint32_t i = 0;
    *n = 0;
    while (is_digit(s[i]) || (s[i] == ' ' && is_digit(s[i + 1]))) {
        if (is_digit(s[i])) {
            if (*n + 1 >= max)
                return 0;
            out[(*n)++] = s[i];
        }
        i++;
    }
    out[*n] = 0;
    return i;
}

/* What OCR makes of the letters of a gas point: "Gl", "G1", "61". */
static bool parse_gi(struct reader *r, const struct span *s, uint32_t at,
                     struct candidate *c)
{
    const char *t = s->row->text + at;
    bool ocr = s->row->ocr;
    bool g = *t == 'G' || *t == 'g' || (ocr && *t == '6');
    bool i = t[0] && (t[1] == 'I' || t[1] == 'i' ||
                      (ocr && strchr("l1|!", t[1])));
    if (!g || !i)
        return false;
    uint32_t gap = t[2] == ' ';
    char digits[16];
    size_t n;
    uint32_t len = digit_run(t + 2 + gap, digits, sizeof digits, &n);
    bool doubled = ocr && n == 7 && *digits == '1'; /* the I, read twice */
    if (n != 6 && !doubled)
        return false;
    c->text = arena_printf(r->a, "GI%s", digits + doubled);
    place(c, s, at, 2 + gap + len);
    return true;
}

static bool parse_point(struct reader *r, const struct span *s,
                        struct candidate *c)
{
    const char *t = s->row->text;
    uint32_t reach = s->from + 40 < s->to ? s->from + 40 : s->to;
    for (uint32_t i = s->from; i < reach; i++) {
        char digits[32];
        size_t n;
        if (!is_digit(t[i]))
            continue;
        uint32_t len = digit_run(t + i, digits, sizeof digits, &n);
        if (!len || n != 14)
            return false;
        c->text = arena_strdup(r->a, digits);
        place(c, s, i, len);
        return true;
    }
    return false;
}

static bool parse_pce(struct reader *r, const struct span *s,
                      struct candidate *c)
{
    uint32_t at = s->from +
                  skip_filler(s->row->text + s->from, s->to - s->from);
    return at < s->to && (parse_gi(r, s, at, c) || parse_point(r, s, c));
}

static bool parse_date(struct reader *r, const struct span *s,
                       struct candidate *c)
{
    (void)r;
    const char *t = s->row->text;
    uint32_t at = s->from + skip_filler(t + s->from, s->to - s->from);
    uint32_t reach = s->strict ? at + 1 : at + 24;
    for (; at < s->to && at < reach; at++) {
        int32_t day;
        if (at > 0 && (is_digit(t[at - 1]) || !is_digit(t[at])))
            continue;
        size_t n = french_date(t + at, &day);
        if (!n)
            continue;
        int32_t first, last;
        if (french_period(t + at, &first, &last))
            return false; /* "facture du 1er mai au 30 juin": no day of it */
        c->num = day;
        place(c, s, at, (uint32_t)n);
        return true;
    }
    return false;
}

bool parse_blank(const char *t, uint32_t from, uint32_t to)
{
    for (const char *p = t + from; p < t + to;)
        if (*french_fold(str_utf8_next(&p)))
            return false;
    return true;
}

static bool parse_period(struct reader *r, const struct span *s,
                         struct candidate *c)
{
    (void)r;
    const char *t = s->row->text;
    uint32_t reach = s->from + 40 < s->to ? s->from + 40 : s->to;
    for (uint32_t at = s->from; at < reach; at++) {
        int32_t from, to;
        if (at && t[at - 1] != ' ' && t[at - 1] != '\t' && t[at - 1] != ':' &&
            t[at - 1] != '(')
            continue;
        size_t n = french_period(t + at, &from, &to);
        if (!n && parse_blank(t, s->from, at)) /* a month alone, not in a date */
            n = french_month(t + at, &from, &to);
        if (!n)
            continue;
        c->num = from;
        c->num2 = to;
        place(c, s, at, (uint32_t)n);
        return true;
    }
    return false;
}

/* Letters and digits of a reference; a space only between groups that hold
 * digits and no lower case. */
static uint32_t ref_word(const char *s, uint32_t n, bool *digits, bool *small)
{
    uint32_t i = 0;
    *digits = *small = false;
    for (; i < n && ((s[i] >= 'A' && s[i] <= 'Z') ||
                     (s[i] >= 'a' && s[i] <= 'z') || is_digit(s[i]) ||
                     (i && strchr("-/._", s[i])));
         i++) {
        *digits |= is_digit(s[i]);
        *small |= s[i] >= 'a' && s[i] <= 'z';
    }
    while (i && strchr("-/._", s[i - 1]))
        i--;
    return i;
}

static bool looks_dated(const char *s)
{
    int32_t day;
    struct french_number n;
    return french_date(s, &day) > 0 ||
           (french_number(s, &n) && n.decimals == 2 &&
            (s[n.len] == ' ' || !s[n.len]));
}

static bool parse_ref(struct reader *r, const struct span *s,
                      struct candidate *c)
{
    const char *t = s->row->text;
    uint32_t at = s->from + skip_filler(t + s->from, s->to - s->from);
    uint32_t from = at, n = 0;
    char out[48];
    if (at >= s->to || looks_dated(t + at))
        return false;
    while (at < s->to) {
        bool digits, small;
        uint32_t w = ref_word(t + at, s->to - at, &digits, &small);
        bool prefix = !digits && !small && !n && w >= 2 && w <= 4 &&
                      t[at + w] == ' ' && is_digit(t[at + w + 1]);
        if (!w || !(digits || prefix) || (n && small) || n + w >= sizeof out ||
            looks_dated(t + at))
            break;
        memcpy(out + n, t + at, w);
        n += w;
        at += w;
        if (t[at] != ' ' || at + 1 >= s->to)
            break;
        at++;
    }
    if (n < 4)
        return false;
    out[n] = 0;
    while (at > from && t[at - 1] == ' ')
        at--;
    c->text = arena_strdup(r->a, out);
    place(c, s, from, at - from);
    return true;
}

/* The end of a free text: its cell, or a dash that starts another clause. */
static uint32_t text_end(const char *t, uint32_t from, uint32_t to)
{
    static const char *const stops[] = {" – ", " — ", " - ", " | "};
    for (uint32_t i = from; i < to; i++)
        for (size_t k = 0; k < ARRAY_LEN(stops); k++)
            if (str_starts(t + i, stops[k]))
                return i;
    return to;
}

bool parse_at_label(const struct reader *r, const struct span *s,
                              uint32_t at)
{
    for (uint32_t i = r->first_hit[s->row_index];
         i < r->first_hit[s->row_index + 1]; i++) {
        const struct hit *h = &r->hits[i];
        uint32_t from = s->row->tokens[h->from].from;
        if (h->says < SAYS_COMPONENT && from <= at + 3 && from + 4 > at &&
            reader_hit_to(r, h) > at) /* "PS | 6 kVA": PS is behind us */
            return true;
    }
    return false;
}

static bool upper_at(const char *s)
{
    uint32_t cp = str_utf8_next(&s);
    return (cp >= 'A' && cp <= 'Z') || (cp >= 0xC0 && cp <= 0xDE) ||
           (cp >= '0' && cp <= '9') || cp == 0x152;
}

/* "CL-88112" is a reference and no name: more digits than letters. */
static bool is_code(const char *s, uint32_t n)
{
    uint32_t digits = 0;
    for (uint32_t i = 0; i < n; i++)
        digits += is_digit(s[i]);
    return digits > layout_letters(s, 0, n);
}

static bool parse_text(struct reader *r, const struct span *s,
                       struct candidate *c)
{
    const char *t = s->row->text;
    uint32_t at = s->from;
    bool colon = false;
    while (at < s->to && strchr(" :.", t[at]))
        colon |= t[at++] == ':';
    if (at >= s->to || (s->strict && !s->below && !colon && !upper_at(t + at)))
        return false;
    uint32_t end = text_end(t, at, s->to);
    while (end > at && strchr(" .,:;-", t[end - 1]))
        end--;
    if (layout_letters(t, at, end) < 2 || end - at > 90 ||
        parse_at_label(r, s, at))
        return false;
    c->text = arena_strndup(r->a, t + at, end - at);
    place(c, s, at, end - at);
    return !is_code(t + at, end - at);
}

/* The whole text to the end of its cell: addresses keep their dashes. */
static bool parse_address(struct reader *r, const struct span *s,
                          struct candidate *c)
{
    const char *t = s->row->text;
    uint32_t at = s->from;
    while (at < s->to && strchr(" :.", t[at]))
        at++;
    if (at >= s->to || layout_letters(t, at, s->to) < 3 ||
        parse_at_label(r, s, at))
        return false;
    c->text = arena_strndup(r->a, t + at, s->to - at);
    place(c, s, at, s->to - at);
    return true;
}

/* Money: two decimals or a currency sign, and not a rate, price or
 * quantity. */
static bool money_at(const char *t, bool millimes, struct french_number *n)
{
    enum unit unit;
    int per_euro;
    if (!french_number(t, n) || n->decimals > (millimes ? 3 : 2))
        return false;
    const char *p = t + n->len;
    p += strspn(p, " ");
    size_t c = french_currency(p, &per_euro);
    const char *q = p + c + strspn(p + c, " ");
    if (*p == '%' || (c && (per_euro != 1 || *q == '/')))
        return false;
    if (!c && french_unit(p, &unit))
        return false;
    if (n->decimals < 2 && !(c && *p != 'C'))
        return false;
    bool credit = c && str_starts(q, "CR") && (!q[2] || q[2] == ' ');
    n->digits = credit ? -n->digits : n->digits;
    return true;
}

/* An amount begins at byte at: a digit or a sign behind a break. */
static bool money_begins(const char *t, uint32_t at)
{
    bool sign = t[at] == '-' && (is_digit(t[at + 1]) || t[at + 1] == ' ');
    return (is_digit(t[at]) || sign) &&
           (at == 0 || strchr(" \t:(=", t[at - 1]) || sign);
}

/* "(11 x 80,00 €)" explains an amount and is none: bytes to its end. */
static uint32_t explanation(const char *t, uint32_t to)
{
    const char *end = *t == '(' ? memchr(t, ')', to) : NULL;
    return end && memmem(t, (size_t)(end - t), " x ", 3)
               ? (uint32_t)(end - t)
               : 0;
}

/* The first amount. */
static bool parse_cents(struct reader *r, const struct span *s,
                        struct candidate *c)
{
    const char *t = s->row->text;
    for (uint32_t at = s->from; at < s->to; at++) {
        struct french_number n;
        at += explanation(t + at, s->to - at);
        if (!money_begins(t, at))
            continue;
        if (money_at(t + at, r->millimes, &n)) {
            c->num = french_scaled(&n, 2);
            place(c, s, at, (uint32_t)n.len);
            return true;
        }
        if (french_number(t + at, &n) && n.len)
            at += (uint32_t)n.len - 1;
        else /* the end of a number is none */
            at += (uint32_t)french_digits(t + at);
    }
    return false;
}

static bool parse_refund(struct reader *r, const struct span *s,
                         struct candidate *c)
{
    if (!parse_cents(r, s, c))
        return false;
    c->num = c->num > 0 ? -c->num : c->num;
    return true;
}

/* A whole number before a unit, anywhere in the span. */
static bool number_before(const struct span *s, enum unit want,
                          int64_t most, struct candidate *c)
{
    const char *t = s->row->text;
    for (uint32_t at = s->from; at < s->to; at++) {
        struct french_number n;
        enum unit unit;
        if (!is_digit(t[at]) || (at && (is_digit(t[at - 1]) ||
                                        t[at - 1] == ',')) ||
            !french_number(t + at, &n))
            continue;
        const char *p = t + at + n.len;
        p += strspn(p, " ");
        if (french_unit(p, &unit) && unit == want &&
            french_scaled(&n, 0) <= most) {
            c->num = french_scaled(&n, 0);
            place(c, s, at, (uint32_t)n.len);
            return true;
        }
        at += (uint32_t)n.len - 1;
    }
    return false;
}

static bool parse_kva(struct reader *r, const struct span *s,
                      struct candidate *c)
{
    (void)r;
    const char *t = s->row->text;
    uint32_t at = s->from + skip_filler(t + s->from, s->to - s->from);
    struct french_number n;
    if (number_before(s, UNIT_KVA, 250000, c))
        return true;
    /* "(kW ou kVA) : 100": the unit stands in the label */
    const char *unit = strstr(t + s->from, "kVA");
    if (unit && unit < t + s->to && (unit[3] == ')' || unit[3] == ' ')) {
        at = (uint32_t)(unit + 4 - t);
        at += skip_filler(t + at, at < s->to ? s->to - at : 0);
    } else if (!s->below) {
        return false;
    }
    if (at >= s->to || !french_number(t + at, &n) || n.decimals)
        return false;
    c->num = n.digits;
    place(c, s, at, (uint32_t)n.len);
    return n.digits > 0 && n.digits <= 250000;
}

static bool parse_kwh(struct reader *r, const struct span *s,
                      struct candidate *c)
{
    (void)r;
    const char *t = s->row->text;
    if (number_before(s, UNIT_KWH, INT64_C(10000000000), c))
        return true;
    if (!number_before(s, UNIT_MWH, 10000000, c))
        return false;
    struct french_number n;
    if (french_number(t + c->from, &n))
        c->num = french_scaled(&n, 3);
    return true;
}

static bool parse_m3(struct reader *r, const struct span *s,
                     struct candidate *c)
{
    (void)r;
    struct french_number n;
    if (!number_before(s, UNIT_M3, 100000000, c) ||
        !french_number(s->row->text + c->from, &n))
        return false;
    c->num = french_scaled(&n, 3);
    return true;
}

static bool parse_coef(struct reader *r, const struct span *s,
                       struct candidate *c)
{
    (void)r;
    const char *t = s->row->text;
    uint32_t reach = s->from + 30 < s->to ? s->from + 30 : s->to;
    for (uint32_t at = s->from; at < reach; at++) {
        struct french_number n;
        if (!is_digit(t[at]) || !french_number(t + at, &n))
            continue;
        c->num = french_scaled(&n, 3);
        place(c, s, at, (uint32_t)n.len);
        return c->num >= 8500 && c->num <= 12800;
    }
    return false;
}

/* "C4", "T2": a letter of set and a digit from lo to hi as a whole word. */
static bool parse_code(struct reader *r, const struct span *s,
                       struct candidate *c, char letter, char hi)
{
    const char *t = s->row->text;
    uint32_t reach = s->from + 40 < s->to ? s->from + 40 : s->to;
    for (uint32_t at = s->from; at + 1 < reach; at++) {
        bool begins = at == 0 || !*french_fold((unsigned char)t[at - 1]);
        const char *next = t + at + 2;
        if (!begins || t[at] != letter || t[at + 1] < '1' || t[at + 1] > hi ||
            *french_fold(str_utf8_next(&next)))
            continue;
        c->text = arena_strndup(r->a, t + at, 2);
        place(c, s, at, 2);
        return true;
    }
    return false;
}

static bool parse_segment(struct reader *r, const struct span *s,
                          struct candidate *c)
{
    return parse_code(r, s, c, 'C', '5');
}

static bool parse_class(struct reader *r, const struct span *s,
                        struct candidate *c)
{
    return parse_code(r, s, c, 'T', '4');
}

static bool parse_zone(struct reader *r, const struct span *s,
                       struct candidate *c)
{
    const char *t = s->row->text;
    uint32_t at = s->from + skip_filler(t + s->from, s->to - s->from);
    if (at >= s->to || t[at] < '1' || t[at] > '6' || is_digit(t[at + 1]) ||
        t[at + 1] == ',')
        return false;
    c->text = arena_strndup(r->a, t + at, 1);
    place(c, s, at, 1);
    return true;
}

static bool luhn(const char *digits)
{
    int sum = 0;
    for (int i = 0; i < 9; i++) {
        int d = digits[i] - '0';
        d = i % 2 ? d * 2 : d;
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10 == 0;
}

static bool parse_siren(struct reader *r, const struct span *s,
                        struct candidate *c)
{
    const char *t = s->row->text;
    uint32_t at = s->from + skip_filler(t + s->from, s->to - s->from);
    char digits[32];
    size_t n;
    if (at >= s->to)
        return false;
    uint32_t len = digit_run(t + at, digits, sizeof digits, &n);
    if ((n != 9 && n != 14) || !luhn(digits))
        return false;
    digits[9] = 0;
    c->text = arena_strdup(r->a, digits);
    place(c, s, at, len);
    return true;
}

/* The meter's own number, digits and spaces. */
static bool parse_serial(struct reader *r, const struct span *s,
                         struct candidate *c)
{
    const char *t = s->row->text;
    uint32_t at = s->from + skip_filler(t + s->from, s->to - s->from);
    char digits[32];
    size_t n;
    if (at >= s->to)
        return false;
    uint32_t len = digit_run(t + at, digits, sizeof digits, &n);
    if (n < 5 || looks_dated(t + at))
        return false;
    c->text = arena_strdup(r->a, digits);
    place(c, s, at, len);
    return true;
}

static bool parse_option(struct reader *r, const struct span *s,
                         struct candidate *c)
{
    static const struct {
        const char *word, *option;
    } options[] = {{"base", "BASE"},     {"hp", "HPHC"},    {"hc", "HPHC"},
                   {"heures", "HPHC"},   {"tempo", "TEMPO"}, {"ejp", "EJP"},
                   {"creuses", "HPHC"},  {"weekend", "WEEKEND"},
                   {"week", "WEEKEND"}};
    const struct row *row = s->row;
    int looked = 0;
    for (uint32_t i = 0; i < row->n_tokens && looked < 4; i++) {
        if (row->tokens[i].from < s->from || row->tokens[i].to > s->to)
            continue;
        looked++;
        for (size_t k = 0; k < ARRAY_LEN(options); k++) {
            if (strcmp(row->tokens[i].text, options[k].word) != 0)
                continue;
            c->text = options[k].option;
            place(c, s, row->tokens[i].from,
                  row->tokens[i].to - row->tokens[i].from);
            return true;
        }
    }
    (void)r;
    return false;
}

/* "BTINFCU4", "BTSUPLU", "HTACU5". */
static bool parse_fta(struct reader *r, const struct span *s,
                      struct candidate *c)
{
    const char *t = s->row->text;
    for (uint32_t at = s->from; at + 6 <= s->to; at++) {
        bool digits, small;
        uint32_t n = ref_word(t + at, s->to - at, &digits, &small);
        bool known = str_starts(t + at, "BTINF") ||
                     str_starts(t + at, "BTSUP") || str_starts(t + at, "HTA");
        if (known && n >= 5 && n <= 10 && !small) {
            c->text = arena_strndup(r->a, t + at, n);
            place(c, s, at, n);
            return true;
        }
        at += n ? n - 1 : 0;
    }
    return false;
}

/* ---- fields ------------------------------------------------------------- */

static parse_fn *const parsers[F_MAX] = {
    [F_customer_name] = parse_text,     [F_customer_siren] = parse_siren,
    [F_billing_address] = parse_address, [F_site_address] = parse_address,
    [F_client_ref] = parse_ref,         [F_contract_ref] = parse_ref,
    [F_invoice_number] = parse_ref,     [F_invoice_date] = parse_date,
    [F_due_date] = parse_date,          [F_pdl] = parse_point,
    [F_pce] = parse_pce,                [F_meter_serial] = parse_serial,
    [F_segment] = parse_segment,        [F_fta] = parse_fta,
    [F_kva] = parse_kva,                [F_kva_reached] = parse_kva,
    [F_option] = parse_option,          [F_gas_class] = parse_class,
    [F_gas_zone] = parse_zone,          [F_car_kwh] = parse_kwh,
    [F_annual_kwh] = parse_kwh,         [F_billed_kwh] = parse_kwh,
           [F_conversion] = parse_coef,
    [F_volume_m3] = parse_m3,           [F_offer_name] = parse_text,
    [F_offer_end] = parse_date,         [F_last_real_reading] = parse_date,
    [F_total_ht] = parse_cents,         [F_total_tva] = parse_cents,
    [F_total_ttc] = parse_cents,        [F_amount_due] = parse_cents,
    [F_cheque_energie] = parse_cents,   [F_deposits] = parse_cents,
    [F_previous_balance] = parse_cents, [F_electricite_ttc] = parse_cents,
    [F_gaz_ttc] = parse_cents,          [F_network_share_ht] = parse_cents,
};

bool parse_is_money(int id)
{
    if (id == SAYS_REFUND)
        return true;
    return id < F_MAX && field_infos[id].type == FIELD_CENTS;
}

bool parse_is_free_text(int id)
{
    return id == F_customer_name || id == F_offer_name ||
           id == F_site_address || id == F_billing_address;
}

parse_fn *parse_for(int says)
{
    if (says == SAYS_PERIOD)
        return parse_period;
    if (says == SAYS_REFUND)
        return parse_refund;
    return says >= 0 && says < F_MAX ? parsers[says] : NULL;
}
