/* One place for the shapes French invoices use, so that the readers deal
 * with meaning only. */
#include "invoice/french.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include <string.h>

/* U+00C0..U+00FF; '*' marks letters spelled with two. */
static const char latin1[] = "aaaaaa*ceeeeiiiidnooooo ouuuuy**"
                             "aaaaaa*ceeeeiiiidnooooo ouuuuy*y";

/* U+0100..U+017F; '*' marks what is no letter with an accent. */
static const char latin2[] = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii"
                             "**jjkkkllllllllllnnnnnn***oooooo**rrrrrrssssssss"
                             "ttttttuuuuuuuuuuuuwwyyyzzzzzzs";

const char *french_fold(uint32_t cp)
{
    static char one[128][2];
    if (cp >= 'A' && cp <= 'Z')
        cp += 32;
    if (cp >= 0xC0 && cp <= 0xFF && latin1[cp - 0xC0] != '*')
        cp = (unsigned char)latin1[cp - 0xC0];
    if (cp >= 0x100 && cp < 0x17F && latin2[cp - 0x100] != '*')
        cp = (unsigned char)latin2[cp - 0x100];
    if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9')) {
        one[cp][0] = (char)cp;
        return one[cp];
    }
    switch (cp) {
    case 0xB2:
        return "2";
    case 0xB3:
        return "3";
    case 0xC6:
    case 0xE6:
        return "ae";
    case 0xDF:
        return "ss";
    case 0x152:
    case 0x153:
        return "oe";
    case 0x178:
        return "y";
    default:
        return "";
    }
}

/* The composed letter for a base letter and a combining accent, or 0. */
static uint32_t compose(uint32_t base, uint32_t mark)
{
    static const struct {
        uint16_t mark;
        const char *bases;
        uint8_t cps[12];
    } rows[] = {
        {0x300, "AEIOUaeiou",
         {0xC0, 0xC8, 0xCC, 0xD2, 0xD9, 0xE0, 0xE8, 0xEC, 0xF2, 0xF9}},
        {0x301, "AEIOUaeiou",
         {0xC1, 0xC9, 0xCD, 0xD3, 0xDA, 0xE1, 0xE9, 0xED, 0xF3, 0xFA}},
        {0x302, "AEIOUaeiou",
         {0xC2, 0xCA, 0xCE, 0xD4, 0xDB, 0xE2, 0xEA, 0xEE, 0xF4, 0xFB}},
        {0x308, "AEIOUaeiou",
         {0xC4, 0xCB, 0xCF, 0xD6, 0xDC, 0xE4, 0xEB, 0xEF, 0xF6, 0xFC}},
        {0x327, "Cc", {0xC7, 0xE7}},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *at = base < 128 && base ? strchr(rows[i].bases, (int)base)
                                            : NULL;
        if (rows[i].mark == mark && at)
            return rows[i].cps[at - rows[i].bases];
    }
    return 0;
}

/* What a character is written as after normalisation; 0 drops it. */
static uint32_t plain(uint32_t cp)
{
    switch (cp) {
    case 0xA0:
    case 0x202F:
    case 0x3000:
    case '\t':
    case '\r':
    case '\n':
        return ' ';
    case 0x2018:
    case 0x2019:
    case 0xB4:
    case '`':
        return '\'';
    case 0x2010:
    case 0x2011:
    case 0x2212:
        return '-';
    case 0x201C:
    case 0x201D:
        return '"';
    case 0xAD:
    case 0xFEFF:
    case 0x200B:
        return 0;
    default:
        if (cp >= 0x2000 && cp <= 0x200A)
            return ' ';
        return cp < ' ' ? ' ' : cp;
    }
}

const char *french_normalise(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, a, strlen(s) * 3 + 8);
    uint32_t held = 0; /* written once we know that no accent follows */
    char tmp[4];
    for (uint32_t cp; (cp = str_utf8_next(&s)) != 0;) {
        uint32_t joined = held ? compose(held, cp) : 0;
        if (joined) {
            held = joined;
            continue;
        }
        if (held)
            buf_add(&b, tmp, str_utf8_put(tmp, held));
        held = plain(cp);
    }
    if (held)
        buf_add(&b, tmp, str_utf8_put(tmp, held));
    return buf_cstr(&b);
}

/* ---- numbers ------------------------------------------------------------ */

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t run_of_digits(const char *s)
{
    size_t n = 0;
    while (digit(s[n]))
        n++;
    return n;
}

/* Three digits after a separator and no fourth. */
static bool group(const char *s, char sep)
{
    return s[0] == sep && run_of_digits(s + 1) == 3;
}

/* "12.03.25" and "12/03/2025" are dates, not numbers. */
static bool dated(const char *s)
{
    size_t d = run_of_digits(s);
    if (d < 1 || d > 2 || (s[d] != '.' && s[d] != '/' && s[d] != '-'))
        return false;
    size_t m = run_of_digits(s + d + 1);
    const char *y = s + d + 1 + m;
    return m >= 1 && m <= 2 && *y == s[d] && run_of_digits(y + 1) >= 2;
}

/* Bytes of "1 234" or "1.234" (only before a comma) at s. */
static size_t integer_part(const char *s, bool *grouped)
{
    size_t n = run_of_digits(s);
    if (n < 1 || n > 3)
        return n;
    size_t spaced = n, dotted = n;
    while (group(s + spaced, ' '))
        spaced += 4;
    while (group(s + dotted, '.'))
        dotted += 4;
    if (dotted > n && s[dotted] == ',' && digit(s[dotted + 1])) {
        *grouped = true;
        return dotted;
    }
    *grouped = spaced > n;
    return spaced;
}

static size_t decimal_part(const char *s)
{
    if (s[0] != ',' && s[0] != '.')
        return 0;
    size_t n = run_of_digits(s + 1);
    return n >= 1 && n <= 6 ? n : 0;
}

static bool accumulate(const char *s, size_t n, int64_t *v)
{
    for (size_t i = 0; i < n; i++)
        if (digit(s[i]) && (__builtin_mul_overflow(*v, 10, v) ||
                            __builtin_add_overflow(*v, s[i] - '0', v)))
            return false;
    return *v < INT64_C(1000000000000000);
}

bool french_number(const char *s, struct french_number *out)
{
    const char *p = s;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    if (p > s && *p == ' ')
        p++;
    if (!digit(*p) || dated(p))
        return false;
    *out = (struct french_number){0};
    size_t whole = integer_part(p, &out->grouped);
    size_t decimals = decimal_part(p + whole);
    size_t n = whole + (decimals ? decimals + 1 : 0);
    if (!accumulate(p, n, &out->digits))
        return false;
    if (negative)
        out->digits = -out->digits;
    out->decimals = (int)decimals;
    out->len = (size_t)(p - s) + n;
    return true;
}

size_t french_digits(const char *s)
{
    bool grouped;
    return integer_part(s, &grouped);
}

int64_t french_scaled(const struct french_number *n, int scale)
{
    int64_t v = n->digits;
    int up = scale - n->decimals;
    for (; up > 0; up--)
        if (__builtin_mul_overflow(v, 10, &v))
            return 0;
    for (; up < -1; up++)
        v /= 10;
    return up == -1 ? (v + (v < 0 ? -5 : 5)) / 10 : v;
}

/* ---- dates -------------------------------------------------------------- */

static int number_of(const char *s, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (s[i] - '0');
    return v;
}

static size_t skip_spaces(const char *s)
{
    return strspn(s, " ");
}

size_t french_word(const char *s, char *out, size_t size)
{
    const char *p = s;
    size_t n = 0;
    for (;;) {
        const char *q = p;
        const char *f = french_fold(str_utf8_next(&q));
        if (!*f || digit(*f) || n + strlen(f) >= size)
            break;
        while (*f)
            out[n++] = *f++;
        p = q;
    }
    out[n] = 0;
    return (size_t)(p - s);
}

/* 1-12 for a French month name or its usual short form; 0 for none. */
static size_t month_name(const char *s, int *month)
{
    static const char *const names[12] = {
        "janvier", "fevrier", "mars",      "avril",   "mai",      "juin",
        "juillet", "aout",    "septembre", "octobre", "novembre", "decembre"};
    char word[12];
    size_t len = french_word(s, word, sizeof word), n = strlen(word);
    if (n < 3)
        return 0;
    for (int i = 0; i < 12; i++) {
        bool full = strcmp(word, names[i]) == 0;
        if (!full && (strncmp(word, names[i], n) != 0 ||
                      (n == 3 && (i == 5 || i == 6))))
            continue; /* "jui" is June or July */
        *month = i + 1;
        return len + (s[len] == '.');
    }
    return 0;
}

static size_t year_of(const char *s, int *year)
{
    size_t n = run_of_digits(s);
    if (n != 2 && n != 4)
        return 0;
    *year = number_of(s, n) + (n == 2 ? 2000 : 0);
    if (*year >= 1950 && *year <= 2099)
        return n;
    *year = 0;
    return 0;
}

/* A day of the month; "1er" counts. */
static size_t day_of(const char *s, int *day)
{
    if (str_starts(s, "ler ") || str_starts(s, "Ier ")) { /* OCR's "1er" */
        *day = 1;
        return 3;
    }
    size_t n = run_of_digits(s);
    if (n < 1 || n > 2)
        return 0;
    *day = number_of(s, n);
    if (*day < 1 || *day > 31)
        return 0;
    if (*day == 1 && strncmp(s + n, "er", 2) == 0)
        n += 2;
    return n;
}

static size_t iso_date(const char *s, int32_t *out)
{
    if (run_of_digits(s) != 4 || s[4] != '-' || run_of_digits(s + 5) != 2 ||
        s[7] != '-' || run_of_digits(s + 8) != 2)
        return 0;
    int y = number_of(s, 4), m = number_of(s + 5, 2), d = number_of(s + 8, 2);
    if (y < 1950 || y > 2099 || d < 1 || d > clock_month_days(y, m))
        return 0;
    *out = clock_days(y, m, d);
    return 10;
}

/* A date whose year (and month) may be missing: *month, *year 0 then. */
static size_t loose_date(const char *s, int *day, int *month, int *year)
{
    *month = *year = 0;
    size_t n = day_of(s, day);
    if (!n)
        return 0;
    const char *p = s + n;
    if (*p == '/' || *p == '.' || *p == '-') {
        char sep = *p++;
        p += skip_spaces(p);
        size_t m = run_of_digits(p);
        if (m < 1 || m > 2)
            return 0;
        *month = number_of(p, m);
        p += m;
        size_t y = *p == sep ? year_of(p + 1 + skip_spaces(p + 1), year) : 0;
        return (size_t)(p - s) + (y ? y + 1 + skip_spaces(p + 1) : 0);
    }
    size_t gap = skip_spaces(p);
    size_t m = month_name(p + gap, month);
    if (!m)
        return n;
    p += gap + m;
    gap = skip_spaces(p);
    size_t y = year_of(p + gap, year);
    return (size_t)(p - s) + (y ? gap + y : 0);
}

static bool civil_ok(int y, int m, int d)
{
    return y && d >= 1 && d <= clock_month_days(y, m);
}

size_t french_date(const char *s, int32_t *day)
{
    size_t n = iso_date(s, day);
    if (n)
        return n;
    int d, m, y;
    n = loose_date(s, &d, &m, &y);
    if (!n || !m || !civil_ok(y, m, d))
        return 0;
    if (digit(s[n]))
        return 0;
    *day = clock_days(y, m, d);
    return n;
}

size_t french_month(const char *s, int32_t *first, int32_t *last)
{
    int m = 0, y = 0;
    size_t n = month_name(s, &m);
    if (n) {
        size_t gap = skip_spaces(s + n);
        size_t k = year_of(s + n + gap, &y);
        n = k ? n + gap + k : 0;
    } else if (run_of_digits(s) == 2 && s[2] == '/' &&
               run_of_digits(s + 3) == 4) {
        m = number_of(s, 2);
        n = 3 + year_of(s + 3, &y);
    }
    if (!n || !civil_ok(y, m, 1))
        return 0;
    *first = clock_days(y, m, 1);
    *last = clock_days(y, m, clock_month_days(y, m));
    return n;
}

/* "au", "-", "–", "à", "jusqu'au" between the two dates. */
static size_t until_word(const char *s)
{
    static const char *const words[] = {"jusqu'au ", "au ", "a ",  "à ", "à",
                                        "- ",        "– ",  "→ ", "-", "–"};
    size_t gap = skip_spaces(s);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_starts(s + gap, words[i]))
            return gap + strlen(words[i]);
    return 0;
}

static size_t from_word(const char *s)
{
    static const char *const words[] = {"du ", "Du ", "DU ", "de "};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_starts(s, words[i]))
            return strlen(words[i]);
    return 0;
}

size_t french_period(const char *s, int32_t *start, int32_t *end)
{
    int d, m, y, ey, em, ed;
    const char *p = s + from_word(s);
    p += strspn(p, " :");
    int32_t whole;
    size_t iso = iso_date(p, &whole);
    size_t n = iso ? iso : loose_date(p, &d, &m, &y);
    if (!n)
        return 0;
    p += n;
    size_t w = until_word(p);
    if (!w)
        return 0;
    p += w + skip_spaces(p + w);
    n = french_date(p, end);
    if (!n)
        return 0;
    clock_civil(*end, &ey, &em, &ed);
    if (iso) {
        *start = whole;
        return *start <= *end ? (size_t)(p - s) + n : 0;
    }
    m = m ? m : em;
    y = y ? y : (m > em ? ey - 1 : ey);
    if (!civil_ok(y, m, d))
        return 0;
    *start = clock_days(y, m, d);
    return *start <= *end ? (size_t)(p - s) + n : 0;
}

/* ---- units -------------------------------------------------------------- */

static bool letter_at(const char *s)
{
    const char *p = s;
    const char *f = french_fold(str_utf8_next(&p));
    return *f && !digit(*f);
}

size_t french_unit(const char *s, enum unit *unit)
{
    static const struct {
        const char *text;
        enum unit unit;
    } units[] = {
        {"kwh", UNIT_KWH},   {"kwn", UNIT_KWH},    {"kvvh", UNIT_KWH},
        {"kvh", UNIT_KWH},   {"mwh", UNIT_MWH},    {"kva", UNIT_KVA},
        {"kw", UNIT_KVA},    {"mois", UNIT_MONTH}, {"mols", UNIT_MONTH},
        {"jours", UNIT_DAY}, {"jour", UNIT_DAY},   {"j", UNIT_DAY},
        {"heures", UNIT_HOUR}, {"heure", UNIT_HOUR}, {"h", UNIT_HOUR},
        {"unites", UNIT_PIECE}, {"unite", UNIT_PIECE}, {"forfait", UNIT_PIECE},
        {"u", UNIT_PIECE},
    };
    const char *p = s;
    if ((*p == 'm' || *p == 'M' || str_starts(p, "rn"))) {
        const char *q = p + (*p == 'r' ? 2 : 1);
        uint32_t cp = str_utf8_next(&q);
        if ((cp == '3' || cp == 0xB3 || cp == '"' || cp == '?' ||
             cp == 0xB2 || cp == 0xB0 || cp == 0xBA || cp == 0x24) && !letter_at(q) && !digit(*q)) {
            *unit = UNIT_M3;
            return (size_t)(q - s);
        }
    }
    char word[12];
    size_t n = french_word(s, word, sizeof word);
    for (size_t i = 0; n && i < ARRAY_LEN(units); i++)
        if (strcmp(word, units[i].text) == 0) {
            *unit = units[i].unit;
            return n;
        }
    return 0;
}

size_t french_currency(const char *s, int *per_euro)
{
    static const struct {
        const char *text;
        int per_euro;
    } signs[] = {
        {"c€", 100},      {"cts€", 100},    {"cts", 100},  {"ct€", 100}, {"ct", 100},
        {"cents", 100}, {"centimes d'euro", 100}, {"centimes", 100},
        {"centime", 100}, {"cEUR", 100},  {"€", 1},      {"EUR", 1},
        {"euros", 1},     {"euro", 1},      {"Euros", 1}, {"£", 1},
        {"C", 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        size_t n = strlen(signs[i].text);
        if (strncmp(s, signs[i].text, n) == 0 &&
            (!letter_at(s + n) || (unsigned char)s[n - 1] >= 0x80)) {
            *per_euro = signs[i].per_euro;
            return n;
        }
    }
    return 0;
}

bool french_price(const char *s, struct french_price *out)
{
    struct french_number n;
    if (!french_number(s, &n))
        return false;
    const char *p = s + n.len;
    p += skip_spaces(p);
    int per_euro;
    size_t c = french_currency(p, &per_euro);
    if (!c)
        return false;
    p += c + skip_spaces(p + c);
    p += str_starts(p, "HT") ? 2 + skip_spaces(p + 2) : 0;
    /* OCR reads the stroke as a letter: "€lmois" */
    bool stroke = strchr("lI|", *p) && *p && french_unit(p + 1, &out->unit);
    bool slash = *p == '/' || stroke;
    bool by = !slash && (str_starts(p, "par ") || str_starts(p, "le "));
    if (!slash && !by)
        return false;
    p += slash ? 1 : strcspn(p, " ");
    p += skip_spaces(p);
    size_t u = french_unit(p, &out->unit);
    if (!u)
        return false;
    int more = per_euro == 100 ? 2 : 0;
    n.decimals += more;
    out->micro = french_scaled(&n, 6);
    out->decimals = n.decimals > 6 ? 6 : n.decimals;
    out->len = (size_t)(p - s) + u;
    return true;
}
