/* One pass: the number of pages follows from the number of lines. */
#include "billing/statement_pdf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/str.h"
#include "billing/money.h"
#include "billing/statement_words.h"
#include "print/canvas.h"
#include "base/banned.h"

enum {
    LEFT = 45,
    RIGHT = 550,
    ROW = 16,
    FIRST_TOP = 336, /* baseline of the table's head on the first page */
    NEXT_TOP = 96,
    BOTTOM = 780,
    PAGES_MAX = 200,
    DARK = 0x1B2A33,
    MUTED = 0x5B6B76,
    BRAND = 0x0B5B57,
    RULE = 0xC9D3D8,
    STRIPE = 0xF3F6F7
};

/* Right edges of columns of numbers, left edges of the others. */
static const float col_date = LEFT + 4, col_kind = 108, col_what = 186,
                   col_units = 402, col_change = 476, col_balance = RIGHT - 4;

struct sheet {
    struct canvas *c;
    struct arena *a;
    const struct statement *s;
    bool french;
    int page, pages;
};

static struct ink ink(enum canvas_font font, float size, uint32_t rgb)
{
    return (struct ink){font, size, rgb};
}

static const char *word(const struct sheet *sh, enum statement_words_key key)
{
    return statement_words_text(key, sh->french);
}

static const char *money(const struct sheet *sh, int64_t micro_euros)
{
    return money_text(sh->a, micro_euros, sh->french);
}

static int rows_between(int top)
{
    return (BOTTOM - top) / ROW - 1; /* one is the table's head */
}

/* The lines and the one of totals. */
static int pages_for(size_t lines)
{
    const int64_t rows = (int64_t)lines + 1, first = rows_between(FIRST_TOP),
                  each = rows_between(NEXT_TOP);
    return rows <= first ? 1 : 1 + (int)((rows - first + each - 1) / each);
}

static void footer(const struct sheet *sh)
{
    const struct ink k = ink(CANVAS_SANS, 7.5f, MUTED);
    canvas_line(sh->c, RULE, 0.6f, (struct point){LEFT, 806},
                (struct point){RIGHT, 806});
    canvas_fit(sh->c, k, LEFT, 818, 400, word(sh, STATEMENT_WORDS_NO_VAT));
    canvas_right(sh->c, k, RIGHT, 818,
                 arena_printf(sh->a, "%s %d %s %d",
                              word(sh, STATEMENT_WORDS_PAGE), sh->page,
                              word(sh, STATEMENT_WORDS_OF), sh->pages));
}

static void begin_page(struct sheet *sh)
{
    canvas_page(sh->c);
    sh->page++;
    canvas_fill(sh->c, BRAND, 0, 0, CANVAS_WIDTH, 6);
    canvas_text(sh->c, ink(CANVAS_BOLD, 18, BRAND), LEFT, 48,
                word(sh, STATEMENT_WORDS_TITLE));
    canvas_right(sh->c, ink(CANVAS_BOLD, 11, DARK), RIGHT, 48,
                 conf_str(CONF_REPORT_BRAND));
    canvas_text(sh->c, ink(CANVAS_SANS, 11, MUTED), LEFT, 66,
                statement_words_month(sh->a, sh->s->month, sh->french));
    footer(sh);
}

static void fact(const struct sheet *sh, float y,
                 enum statement_words_key label, const char *value)
{
    canvas_text(sh->c, ink(CANVAS_SANS, 9, MUTED), LEFT, y, word(sh, label));
    canvas_fit(sh->c, ink(CANVAS_SANS, 9.5f, DARK), LEFT + 110, y,
               RIGHT - LEFT - 110, value);
}

static void whose(const struct sheet *sh)
{
    const struct statement *s = sh->s;
    canvas_fit(sh->c, ink(CANVAS_BOLD, 13, DARK), LEFT, 100, RIGHT - LEFT,
               s->client);
    fact(sh, 120, STATEMENT_WORDS_LICENSE,
         arena_printf(sh->a, sh->french ? "n°\u00a0%lld" : "no. %lld",
                      (long long)s->license_id));
    fact(sh, 136, STATEMENT_WORDS_PLAN, s->plan);
    fact(sh, 152, STATEMENT_WORDS_BILLING,
         statement_words_mode(s->billing_mode, sh->french));
    const bool has_quota = str_eq(s->billing_mode, "quota");
    if (has_quota)
        fact(sh, 168, STATEMENT_WORDS_QUOTA,
             money_count(sh->a, s->quota_monthly, sh->french));
    fact(sh, has_quota ? 184 : 168, STATEMENT_WORDS_MADE,
         statement_words_moment(sh->a, s->made_at, sh->french));
    if (!s->is_over)
        canvas_text(sh->c, ink(CANVAS_BOLD, 9, BRAND), LEFT, 202,
                    word(sh, STATEMENT_WORDS_RUNNING));
}

static void card(const struct sheet *sh, int i, enum statement_words_key label,
                 const char *value)
{
    const float w = (RIGHT - LEFT - 2 * 8) / 3.0f, h = 42,
                x = LEFT + (float)(i % 3) * (w + 8),
                y = 214 + (float)(i / 3) * (h + 8);
    canvas_round(sh->c, STRIPE, x, y, w, h);
    canvas_fit(sh->c, ink(CANVAS_SANS, 8, MUTED), x + 10, y + 15, w - 20,
               word(sh, label));
    canvas_fit(sh->c, ink(CANVAS_BOLD, 13, DARK), x + 10, y + 33, w - 20,
               value);
}

static void sums(const struct sheet *sh)
{
    const struct statement *s = sh->s;
    card(sh, 0, STATEMENT_WORDS_UNITS_USED,
         money_count(sh->a, s->units, sh->french));
    card(sh, 1, STATEMENT_WORDS_PRICE, money(sh, s->price));
    card(sh, 2, STATEMENT_WORDS_PAID, money(sh, s->paid));
    card(sh, 3, STATEMENT_WORDS_OPENING, money(sh, s->opening));
    card(sh, 4, STATEMENT_WORDS_CREDITS, money(sh, s->credits));
    card(sh, 5, STATEMENT_WORDS_CLOSING, money(sh, s->closing));
}

static void table_head(const struct sheet *sh, float y)
{
    const struct ink k = ink(CANVAS_BOLD, 8.5f, MUTED);
    canvas_text(sh->c, k, col_date, y, word(sh, STATEMENT_WORDS_DATE));
    canvas_text(sh->c, k, col_kind, y, word(sh, STATEMENT_WORDS_KIND));
    canvas_text(sh->c, k, col_what, y, word(sh, STATEMENT_WORDS_METER));
    canvas_right(sh->c, k, col_units, y, word(sh, STATEMENT_WORDS_UNITS));
    canvas_right(sh->c, k, col_change, y, word(sh, STATEMENT_WORDS_CHANGE));
    canvas_right(sh->c, k, col_balance, y, word(sh, STATEMENT_WORDS_BALANCE));
    canvas_line(sh->c, RULE, 0.8f, (struct point){LEFT, y + 5},
                (struct point){RIGHT, y + 5});
}

static void numbers(const struct sheet *sh, struct ink k, float y,
                    const int64_t values[3])
{
    if (values[0])
        canvas_right(sh->c, k, col_units, y,
                     money_count(sh->a, values[0], sh->french));
    canvas_right(sh->c, k, col_change, y, money(sh, values[1]));
    canvas_right(sh->c, k, col_balance, y, money(sh, values[2]));
}

/* A plan's price stands with the words: it takes nothing from the credit. It is
 * in front of the note, whose end may not fit. */
static const char *what_of(const struct sheet *sh,
                           const struct statement_line *l)
{
    const char *what = statement_words_meter(l->meter, sh->french);
    if (l->price_micro_euros)
        return arena_printf(sh->a, "%s, %s (%s)", what,
                            money(sh, l->price_micro_euros), l->note);
    return *l->note ? arena_printf(sh->a, "%s (%s)", what, l->note) : what;
}

static void row(const struct sheet *sh, const struct statement_line *l, float y,
                bool striped)
{
    const struct ink k = ink(CANVAS_SANS, 9, DARK);
    const int64_t values[] = {l->units, l->micro_euros, l->balance_micro_euros};
    if (striped)
        canvas_fill(sh->c, STRIPE, LEFT, y - 11, RIGHT - LEFT, ROW);
    canvas_text(sh->c, k, col_date, y,
                statement_words_moment(sh->a, l->at, sh->french));
    canvas_text(sh->c, k, col_kind, y,
                statement_words_kind(l->kind, sh->french));
    canvas_fit(sh->c, k, col_what, y, col_units - 30 - col_what,
               what_of(sh, l));
    numbers(sh, k, y, values);
}

static void total(const struct sheet *sh, float y)
{
    const struct statement *s = sh->s;
    const struct ink k = ink(CANVAS_BOLD, 9, DARK);
    const int64_t values[] = {s->units, s->closing - s->opening, s->closing};
    canvas_line(sh->c, DARK, 0.8f, (struct point){LEFT, y - 12},
                (struct point){RIGHT, y - 12});
    canvas_text(sh->c, k, col_date, y,
                s->n ? word(sh, STATEMENT_WORDS_TOTAL)
                     : word(sh, STATEMENT_WORDS_NOTHING));
    numbers(sh, k, y, values);
}

static void draw(struct sheet *sh)
{
    int left = rows_between(FIRST_TOP);
    float y = FIRST_TOP;
    begin_page(sh);
    whose(sh);
    sums(sh);
    table_head(sh, y);
    for (size_t i = 0; i <= sh->s->n; i++, left--) {
        if (left == 0) {
            begin_page(sh);
            left = rows_between(NEXT_TOP);
            y = NEXT_TOP;
            table_head(sh, y);
        }
        y += ROW;
        if (i < sh->s->n)
            row(sh, &sh->s->lines[i], y, i % 2 == 1);
        else
            total(sh, y);
    }
}

enum err statement_pdf(struct arena *a, const struct statement *s, bool french,
                       struct bytes *pdf)
{
    const struct canvas_info info = {
        .title = arena_printf(
            a, "%s, %s", statement_words_text(STATEMENT_WORDS_TITLE, french),
            statement_words_month(a, s->month, french)),
        .author = conf_str(CONF_REPORT_BRAND),
        .created_ms = clock_now_ms()};
    struct sheet sh = {
        .a = a, .s = s, .french = french, .pages = pages_for(s->n)};
    *pdf = (struct bytes){NULL, 0};
    if (sh.pages > PAGES_MAX)
        return ERR_TOO_LARGE;
    sh.c = canvas_open(a, &info);
    if (!sh.c)
        return ERR_INTERNAL;
    draw(&sh);
    *pdf = canvas_close(sh.c);
    return pdf->n ? OK : ERR_INTERNAL;
}
