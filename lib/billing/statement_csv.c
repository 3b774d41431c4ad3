/* RFC 4180, with the ';' and the mark that spreadsheets in French expect. */
#include "billing/statement_csv.h"
#include <string.h>
#include "base/buf.h"
#include "billing/money.h"
#include "billing/statement_words.h"
#include "base/banned.h"

enum { CSV_MAX = 32 << 20 };

/* A text that a spreadsheet would take for a formula gets a "'" in front. */
static void put_text(struct buf *b, const char *s)
{
    buf_char(b, '"');
    if (*s && strchr("=+-@\t\r", *s))
        buf_char(b, '\'');
    for (; *s; s++) {
        if (*s == '"')
            buf_char(b, '"');
        buf_char(b, *s);
    }
    buf_char(b, '"');
}

static void put_line(struct buf *b, const struct statement_line *l, bool french)
{
    struct arena *a = b->arena;
    put_text(b, l->at);
    buf_char(b, ';');
    put_text(b, statement_words_kind(l->kind, french));
    buf_char(b, ';');
    put_text(b, statement_words_meter(l->meter, french));
    buf_printf(b, ";%lld;%s;%s;%s;%lld;", (long long)l->units,
               money_plain(a, l->micro_euros, french),
               money_plain(a, l->price_micro_euros, french),
               money_plain(a, l->balance_micro_euros, french),
               (long long)l->charge_id);
    put_text(b, l->request_id);
    buf_char(b, ';');
    put_text(b, l->note);
    buf_str(b, "\r\n");
}

struct bytes statement_csv(struct arena *a, const struct statement *s,
                           bool french)
{
    struct buf b;
    buf_init(&b, a, CSV_MAX);
    buf_str(&b, "\xEF\xBB\xBF");
    buf_str(&b, statement_words_text(STATEMENT_WORDS_CSV_HEAD, french));
    buf_str(&b, "\r\n");
    for (size_t i = 0; i < s->n; i++)
        put_line(&b, &s->lines[i], french);
    put_text(&b, s->month);
    buf_char(&b, ';');
    put_text(&b, statement_words_text(STATEMENT_WORDS_TOTAL, french));
    buf_printf(&b, ";;%lld;%s;%s;%s;;;\r\n", (long long)s->units,
               money_plain(a, s->closing - s->opening, french),
               money_plain(a, s->price, french),
               money_plain(a, s->closing, french));
    return buf_ok(&b) ? buf_bytes(&b) : (struct bytes){NULL, 0};
}
