/* Numbers and dates of any country: the paper itself tells whether a comma
 * or a point parts decimals and whether months come before days. */
#include "base/clock.h"
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/general.h"
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(const char *s)
{
    size_t n = 0;
    while (is_digit(s[n]))
        n++;
    return n;
}

static int value(const char *s, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n && i < 9; i++)
        v = v * 10 + (s[i] - '0');
    return v;
}

/* ---- dates -------------------------------------------------------------- */

/* Month names by language; a word of three letters or more that begins one
 * of them is that month ("jui" begins two and is none). */
static const char *const months[12][8] = {
    {"january", "janvier", "januar", "januari", "enero", "gennaio", "janeiro",
     "stycznia"},
    {"february", "fevrier", "februar", "februari", "febrero", "febbraio",
     "fevereiro", "lutego"},
    {"march", "mars", "marz", "maart", "marzo", "maerz", "marco", "marca"},
    {"april", "avril", "avr", "abril", "aprile", "kwietnia"},
    {"may", "mai", "mei", "mayo", "maggio", "maio", "maja"},
    {"june", "juin", "juni", "junio", "giugno", "junho", "czerwca"},
    {"july", "juillet", "juli", "julio", "luglio", "julho", "lipca"},
    {"august", "aout", "augustus", "agosto", "sierpnia"},
    {"september", "septembre", "septiembre", "settembre", "setembro",
     "wrzesnia"},
    {"october", "octobre", "oktober", "octubre", "ottobre", "outubro",
     "pazdziernika"},
    {"november", "novembre", "noviembre", "novembro", "listopada"},
    {"december", "decembre", "dezember", "diciembre", "dicembre", "dezembro",
     "grudnia"}};

static size_t month_at(const char *s, int *month)
{
    char name[16];
    size_t len = french_word(s, name, sizeof name), n = strlen(name);
    if (n < 3 || str_eq(name, "jui"))
        return 0;
    for (int m = 0; m < 12; m++)
        for (size_t k = 0; k < 8 && months[m][k]; k++)
            if (strncmp(name, months[m][k], n) == 0) {
                *month = m + 1;
                return len + (s[len] == '.');
            }
    return 0;
}

static size_t year_at(const char *s, int *year)
{
    size_t n = digits(s);
    if (n != 4 && n != 2)
        return 0;
    *year = value(s, n) + (n == 2 ? 2000 : 0);
    return *year >= 1950 && *year <= 2099 ? n : 0;
}

static bool civil(int y, int m, int d, int32_t *day)
{
    if (m < 1 || m > 12 || d < 1 || d > clock_month_days(y, m))
        return false;
    *day = clock_days(y, m, d);
    return true;
}

/* What may stand between day, month name and year. */
static size_t gap(const char *s)
{
    size_t n = strspn(s, " .,-/'");
    if (str_starts(s + n, "de ") || str_starts(s + n, "of "))
        n += 3;
    return n;
}

/* "7. Mai 2014", "31st of January 2020", "02-Jan-18". */
static size_t day_month(const char *s, int32_t *day)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th", "er"};
    int d, m, y;
    size_t n = digits(s);
    if (n < 1 || n > 2)
        return 0;
    d = value(s, n);
    for (size_t i = 0; i < ARRAY_LEN(ordinals); i++)
        if (str_starts(s + n, ordinals[i])) {
            n += 2;
            break;
        }
    n += gap(s + n);
    size_t k = month_at(s + n, &m);
    if (!k)
        return 0;
    n += k + gap(s + n + k);
    k = year_at(s + n, &y);
    return k && civil(y, m, d, day) ? n + k : 0;
}

/* "January 31, 2020". */
static size_t month_day(const char *s, int32_t *day)
{
    int m, y;
    size_t n = month_at(s, &m);
    if (!n)
        return 0;
    n += gap(s + n);
    size_t k = digits(s + n);
    if (k < 1 || k > 2)
        return 0;
    int d = value(s + n, k);
    n += k;
    if (str_starts(s + n, "st") || str_starts(s + n, "nd") ||
        str_starts(s + n, "rd") || str_starts(s + n, "th"))
        n += 2;
    size_t between = gap(s + n);
    k = year_at(s + n + between, &y);
    return k && between && civil(y, m, d, day) ? n + between + k : 0;
}

/* Three numbers with the same separator; parts receives them. */
static size_t three(const char *s, int parts[3], size_t lens[3], char *sep)
{
    size_t n = 0;
    for (int i = 0; i < 3; i++) {
        lens[i] = digits(s + n);
        if (lens[i] < 1 || lens[i] > 4)
            return 0;
        parts[i] = value(s + n, lens[i]);
        n += lens[i];
        if (i == 2)
            break;
        size_t space = s[n] == ' ';
        if (i == 0)
            *sep = s[n + space];
        if (s[n + space] != *sep || !*sep || !strchr("/.-", *sep))
            return 0;
        n += space + 1;
        n += s[n] == ' ';
    }
    return n;
}

static size_t numeric(const struct habit *h, const char *s, int32_t *day)
{
    int p[3];
    size_t len[3];
    char sep;
    size_t n = three(s, p, len, &sep);
    if (!n || is_digit(s[n]))
        return 0;
    if (len[0] == 4 && len[1] <= 2 && len[2] <= 2)
        return p[0] >= 1950 && p[0] <= 2099 && civil(p[0], p[1], p[2], day) ? n
                                                                            : 0;
    if (len[0] > 2 || len[1] > 2 || (len[2] != 2 && len[2] != 4))
        return 0;
    int y = p[2] + (len[2] == 2 ? 2000 : 0);
    bool month_first = h->month_first && sep != '.';
    if (y < 1950 || y > 2099)
        return 0;
    if (month_first ? civil(y, p[0], p[1], day) : civil(y, p[1], p[0], day))
        return n;
    return (month_first ? civil(y, p[1], p[0], day) : civil(y, p[0], p[1], day))
               ? n
               : 0;
}

size_t general_date(const struct habit *h, const char *s, int32_t *day)
{
    size_t n = 0;
    if (is_digit(*s)) {
        n = numeric(h, s, day);
        n = n ? n : day_month(s, day);
    } else if (*french_fold((unsigned char)*s) || (unsigned char)*s >= 0xC3) {
        n = month_day(s, day);
    }
    return n;
}

/* ---- numbers ------------------------------------------------------------ */

/* The last separator that parts decimals: bytes before it, or n. */
static size_t decimal_at(const struct habit *h, const char *s, size_t n)
{
    size_t last = n, seps = 0;
    bool mixed = false;
    for (size_t i = 0; i < n; i++)
        if (s[i] == ',' || s[i] == '.') {
            mixed |= last < n && s[last] != s[i];
            last = i;
            seps++;
        }
    if (last == n)
        return n;
    size_t after = n - last - 1;
    if (mixed)
        return last;
    if (seps > 1) /* 1.234.567 */
        return after == 3 ? n : last;
    if (after != 3)
        return last;
    return s[last] == h->point ? last : n; /* 1,234 or 0,025 */
}

/* Bytes of digits with separators, each followed by a digit; spaces and
 * apostrophes only before groups of three. */
static size_t reach(const char *s)
{
    size_t n = digits(s);
    bool spaced = n <= 3;
    while (s[n]) {
        size_t run = digits(s + n + 1);
        bool mark = s[n] == ',' || s[n] == '.';
        bool blank = s[n] == ' ' || s[n] == '\'';
        if (!run || !(mark || (blank && spaced && run == 3)))
            break;
        spaced = spaced && blank;
        n += run + 1;
    }
    return n;
}

size_t general_number(const struct habit *h, const char *s, int64_t *cents,
                      int *decimals)
{
    if (!is_digit(*s))
        return 0;
    size_t n = reach(s), point = decimal_at(h, s, n);
    int64_t v = 0;
    int shown = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(s[i]))
            continue;
        shown += i > point;
        if (shown > 2)
            continue;
        if (v > INT64_C(100000000000000))
            return 0;
        v = v * 10 + (s[i] - '0');
    }
    for (int i = shown; i < 2; i++)
        v *= 10;
    *cents = v;
    *decimals = shown;
    return n;
}

/* ---- habits ------------------------------------------------------------- */

struct votes {
    int point, comma, month_first, day_first, dollars;
};

/* "12.34" and "12,34", not in a longer number. */
static void vote_decimals(const char *s, size_t at, struct votes *v)
{
    size_t n = digits(s + at);
    char sep = s[at + n];
    if ((sep == '.' || sep == ',') && digits(s + at + n + 1) == 2 &&
        s[at + n + 3] != '.' && s[at + n + 3] != ',') {
        v->point += sep == '.';
        v->comma += sep == ',';
    }
}

static void vote_order(const char *s, struct votes *v)
{
    int p[3];
    size_t len[3];
    char sep;
    if (!three(s, p, len, &sep) || sep == '.' || len[0] > 2 || len[1] > 2 ||
        (len[2] != 4 && len[2] != 2))
        return;
    v->month_first += p[0] <= 12 && p[1] > 12 && p[1] <= 31;
    v->day_first += p[1] <= 12 && p[0] > 12 && p[0] <= 31;
}

struct habit general_habit(const struct layout *l)
{
    struct votes v = {0};
    for (size_t i = 0; i < l->n_rows; i++) {
        const char *s = l->rows[i].text;
        for (size_t at = 0; s[at]; at++) {
            v.dollars +=
                s[at] == '$' && (!at || s[at - 1] == ' ' || s[at - 1] == '\t');
            if (!is_digit(s[at]) || (at && is_digit(s[at - 1])))
                continue;
            if (!at || !strchr("/.-,", s[at - 1]))
                vote_order(s + at, &v);
            vote_decimals(s, at, &v);
        }
    }
    /* without a day above twelve, dollars speak for the American order */
    bool american = v.month_first == v.day_first && v.dollars > 0;
    return (struct habit){.point = v.comma > v.point ? ',' : '.',
                          .month_first =
                              v.month_first > v.day_first || american};
}

/* ---- amounts ------------------------------------------------------------ */

static const char *const currencies[] = {
    "€",   "EUR", "Euro", "euro", "£",   "GBP", "$",   "USD", "¥",  "₹",
    "Rs",  "INR", "RM",   "MYR",  "CHF", "Fr.", "PLN", "zł",  "kr", "SEK",
    "DKK", "NOK", "CAD",  "AUD",  "SGD", "C",   "JPY", "CZK", "HUF"};

static size_t currency_at(const char *s)
{
    for (size_t i = 0; i < ARRAY_LEN(currencies); i++) {
        size_t n = strlen(currencies[i]);
        const char *next = s + n;
        if (strncmp(s, currencies[i], n) == 0 &&
            !(*french_fold(str_utf8_next(&next)) >= 'a' &&
              (unsigned char)s[n - 1] < 0x80))
            return n;
    }
    return 0;
}

/* A currency that ends at byte at; spaces and a point may follow it. */
static size_t currency_before(const char *s, size_t at)
{
    size_t end = at;
    while (end &&
           (s[end - 1] == ' ' || s[end - 1] == '.' || s[end - 1] == '\t'))
        end--;
    for (size_t i = 0; i < ARRAY_LEN(currencies); i++) {
        size_t n = strlen(currencies[i]);
        if (n <= end && !str_eq(currencies[i], "C") &&
            strncmp(s + end - n, currencies[i], n) == 0 &&
            (end == n || (unsigned char)s[end - 1] >= 0x80 ||
             !(*french_fold((unsigned char)s[end - n - 1]) >= 'a')))
            return at - (end - n);
    }
    return 0;
}

/* Signs before and behind: "-8,00", "(8.00)", "8,00-", "- 8,00", "€ -9,32". */
static bool negative(const char *s, size_t from, size_t to)
{
    size_t at = from - currency_before(s, from);
    bool brackets = from && s[from - 1] == '(' && s[to] == ')';
    bool before = (from && s[from - 1] == '-') ||
                  (at && s[at - 1] == '-' &&
                   (at < 2 || s[at - 2] == ' ' || s[at - 2] == '\t')) ||
                  (from > 1 && s[from - 1] == ' ' && s[from - 2] == '-' &&
                   (from < 3 || s[from - 3] == '\t'));
    bool behind = s[to] == '-' && !is_digit(s[to + 1]) && s[to + 1] != '-';
    return brackets || before || behind;
}

static bool begins(const char *s, size_t at)
{
    if (!is_digit(s[at]))
        return false;
    if (!at)
        return true;
    char b = s[at - 1];
    if (is_digit(b) || (strchr("/.,#_", b) && !currency_before(s, at)))
        return false;
    if (b == '-') /* "12-34" is no sign */
        return at < 2 || strchr(" \t(", s[at - 2]) ||
               currency_before(s, at - 1);
    return !(*french_fold((unsigned char)b) >= 'a') ||
           currency_before(s, at) > 0;
}

/* OCR parts "30. 00": bytes of the rest, whose digits join cents. */
static size_t split_decimals(const char *s, int64_t *cents, int *decimals)
{
    if ((s[0] != '.' && s[0] != ',') || s[1] != ' ' || digits(s + 2) != 2 ||
        s[4] == '.' || s[4] == ',')
        return 0;
    *cents += value(s + 2, 2);
    *decimals = 2;
    return 4;
}

/* One amount at byte at of a row; returns bytes to pass over. */
static size_t amount_at(const struct general *g, const struct row *row,
                        size_t at, struct amount *out)
{
    const char *s = row->text;
    int32_t day;
    int decimals;
    size_t n = general_date(&g->habit, s + at, &day);
    out->to = 0;
    if (n)
        return n;
    n = general_number(&g->habit, s + at, &out->cents, &decimals);
    if (!n) /* too long to be one: its end is none either */
        return reach(s + at);
    if (row->ocr && !decimals)
        n += split_decimals(s + at + n, &out->cents, &decimals);
    const char *p = s + at + n + strspn(s + at + n, " ");
    bool sign = currency_at(p) || currency_before(s, at);
    out->is_rate = *p == '%';
    out->is_money = !out->is_rate && (decimals == 2 || sign);
    char next = s[at + n];
    const char *q = s + at + n;
    bool glued = next == '/' || (*french_fold(str_utf8_next(&q)) >= 'a' &&
                                 !currency_at(s + at + n));
    if (glued)
        return n;
    out->from = (uint32_t)at;
    out->to = (uint32_t)(at + n);
    if (negative(s, at, at + n)) {
        out->cents = -out->cents;
        out->from -= at && s[at - 1] == '-';
    }
    layout_extent(row, out->from, out->to, &out->x0, &out->x1);
    return n;
}

void general_amounts(struct general *g)
{
    const struct layout *l = g->r->l;
    size_t max = 0;
    for (size_t i = 0; i < l->n_rows; i++)
        max += l->rows[i].len / 2 + 1;
    g->amounts = ARENA_ARRAY(g->r->a, max + 1, struct amount);
    g->first_amount = ARENA_ARRAY(g->r->a, l->n_rows + 1, uint32_t);
    for (uint32_t i = 0; i < l->n_rows; i++) {
        const struct row *row = &l->rows[i];
        g->first_amount[i] = (uint32_t)g->n_amounts;
        for (size_t at = 0; at < row->len; at++) {
            struct amount found = {.row = i};
            if (!begins(row->text, at))
                continue;
            size_t n = amount_at(g, row, at, &found);
            if (found.to)
                g->amounts[g->n_amounts++] = found;
            at += n ? n - 1 : 0;
        }
    }
    g->first_amount[l->n_rows] = (uint32_t)g->n_amounts;
}
