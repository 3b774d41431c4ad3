/* Secrets are looked for without regard to case, accents and what parts
 * words; on scans a character or two may differ. Then forms that need no
 * record. Of what begins at one place the longest goes. */
#include "invoice/redact.h"
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/needles.h"
#include "invoice/quote.h"
#include "invoice/redact_form.h"
#include "base/banned.h"

enum {
    SECRETS_MAX = 200,
    MARKS_MOST = 400,
    SECRET_LEAST = 4,
    NAME_LEAST = 2, /* of a word of the customer's name */
    DISTINCT = 8,   /* from so many on, also inside other words */
    ONE_EDIT = 6,   /* on scans */
    TWO_EDITS = 12
};

struct secret {
    const char *kind;
    uint32_t *cp; /* letters and digits, folded */
    uint32_t n;
    bool digits;  /* nothing else */
    bool capital; /* short: counts only with a capital */
};
struct mark_of {
    const char *mark, *text;
};
struct redact {
    struct arena *a;
    struct secret secrets[SECRETS_MAX];
    size_t n_secrets;
    struct mark_of marks[MARKS_MOST];
    size_t n_marks;
    bool ocr;
};

/* Which fields are the customer's, and what stands for them. */
static const struct {
    enum field_id id;
    const char *kind;
    bool words; /* each of its words is personal too */
} personal[] = {{F_customer_name, "CLIENT", true},
                {F_billing_address, "ADRESSE", true},
                {F_site_address, "ADRESSE", true},
                {F_customer_siren, "SIREN_CLIENT", false},
                {F_client_ref, "REF_CLIENT", false},
                {F_contract_ref, "CONTRAT", false},
                {F_invoice_number, "FACTURE", false},
                {F_pdl, "PDL", false},
                {F_pce, "PCE", false},
                {F_meter_serial, "COMPTEUR", false},
                {F_iban, "IBAN", false}};

static bool is_space(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == 0xA0 || cp == 0x202F;
}

/* What a character counts as: nothing, or one or two folded ones; letters of
 * other alphabets count as themselves. */
static uint32_t fold(uint32_t cp, uint32_t out[2])
{
    const char *f = french_fold(cp);
    uint32_t n = 0;
    for (; *f && n < 2; f++)
        out[n++] = (unsigned char)*f;
    bool letter = cp >= 0x180 && !(cp >= 0x2000 && cp < 0x2C00);
    if (!n && letter)
        out[n++] = cp;
    return n;
}

static bool is_capital(uint32_t cp)
{
    uint32_t low[2];
    return fold(cp, low) > 0 && low[0] != cp && cp < 0xDF;
}

static bool is_wordy(uint32_t cp)
{
    uint32_t unused[2];
    return fold(cp, unused) > 0;
}

static void add_secret(struct redact *r, const char *kind, const char *text,
                       uint32_t least)
{
    if (!text || r->n_secrets == SECRETS_MAX)
        return;
    text = french_normalise(r->a, text);
    struct secret *s = &r->secrets[r->n_secrets];
    *s = (struct secret){.kind = kind,
                         .digits = true,
                         .cp =
                             ARENA_ARRAY(r->a, 2 * strlen(text) + 1, uint32_t)};
    while (*text) {
        uint32_t n = fold(str_utf8_next(&text), s->cp + s->n);
        for (uint32_t i = 0; i < n; i++)
            s->digits &= s->cp[s->n + i] >= '0' && s->cp[s->n + i] <= '9';
        s->n += n;
    }
    s->capital = s->n < SECRET_LEAST;
    r->n_secrets += s->n >= least;
}

/* A name of two or three letters; "de" and the like are nobody's. */
static void add_short(struct redact *r, const char *kind, const char *text)
{
    static const char *const nobodys[] = {
        "de",  "du",  "des", "la",  "le",  "les", "et", "ou",  "mme", "mr",
        "sas", "sci", "sa",  "snc", "ets", "rue", "st", "ste", "ht",  "ttc",
        "kwh", "kva", "tva", "eur", "pdl", "pce", "au", "aux", "en",  "sur"};
    for (size_t i = 0; i < ARRAY_LEN(nobodys); i++)
        if (strcmp(quote_squeeze(r->a, text), nobodys[i]) == 0)
            return;
    if (*text < '0' || *text > '9')
        add_secret(r, kind, text, NAME_LEAST);
}

/* Words of names and addresses that are not everybody's. */
static void add_words(struct redact *r, const char *kind, const char *text)
{
    uint32_t n;
    if (!text)
        return;
    text = french_normalise(r->a, text);
    struct token *t = layout_tokens(r->a, text, &n);
    for (uint32_t i = 0; i < n; i++) {
        const char *word =
            arena_strndup(r->a, text + t[i].from, t[i].to - t[i].from);
        if (t[i].len >= SECRET_LEAST && !needles_everyday(t[i].text))
            add_secret(r, kind, word, SECRET_LEAST);
        else if (t[i].len >= NAME_LEAST && t[i].len < SECRET_LEAST &&
                 str_eq(kind, "CLIENT"))
            add_short(r, kind, word);
    }
}

static int longest_first(const void *p, const void *q)
{
    const struct secret *a = p, *b = q;
    return (a->n < b->n) - (a->n > b->n);
}

struct redact *redact_new(struct arena *a, const struct invoice *inv,
                          const char *customer_name)
{
    struct redact *r = ARENA_NEW(a, struct redact);
    r->a = a;
    r->ocr = inv->from_ocr;
    add_secret(r, "CLIENT", customer_name, SECRET_LEAST);
    add_words(r, "CLIENT", customer_name);
    for (size_t i = 0; i < ARRAY_LEN(personal); i++) {
        const char *text = invoice_text(inv, personal[i].id);
        add_secret(r, personal[i].kind, text, SECRET_LEAST);
        if (personal[i].words)
            add_words(r, personal[i].kind, text);
    }
    qsort(r->secrets, r->n_secrets, sizeof *r->secrets, longest_first);
    return r;
}

/* ---- finding ------------------------------------------------------------- */

static uint32_t peek(const char *s)
{
    return *s ? str_utf8_next(&s) : 0;
}

/* What may stand inside a secret. Of numbers no comma, and points only in
 * long ones: "1 234.56" is an amount. */
static bool may_part(const struct secret *k, uint32_t cp)
{
    if (is_space(cp))
        return true;
    bool sign = cp == '.' || cp == '-' || cp == '/' || cp == '\'' ||
                cp == 0x2019 || cp == '_';
    return k->digits ? sign && k->n >= DISTINCT : sign || cp == ',';
}

/* Bytes of s that are the secret from its character i on with at most so
 * many edits, or -1. Fails after a few characters almost everywhere. */
static int rest_at(const struct secret *k, uint32_t i, const char *s, int edits)
{
    const char *at = s, *next;
    uint32_t cp, got[2], n = 0;
    if (i >= k->n)
        return 0;
    for (; *at; at = next) {
        next = at;
        cp = str_utf8_next(&next);
        if ((n = fold(cp, got)) > 0)
            break;
        if (i == 0 || !may_part(k, cp))
            return -1;
    }
    if (!n)
        return edits > 0 && i + 1 == k->n ? 0 : -1;
    int took = (int)(next - s), more;
    bool same = got[0] == k->cp[i] &&
                (n == 1 || (i + 1 < k->n && got[1] == k->cp[i + 1]));
    if (same && (more = rest_at(k, i + n, next, edits)) >= 0)
        return took + more;
    if (edits <= 0)
        return -1;
    if ((more = rest_at(k, i + 1, next, edits - 1)) >= 0 ||
        (i > 0 && (more = rest_at(k, i, next, edits - 1)) >= 0))
        return took + more;
    more = rest_at(k, i + 1, s, edits - 1);
    return i > 0 && more >= 0 ? more : -1;
}

/* Bytes that the secret covers at s, or 0; inside: s is no word's first. */
static size_t secret_at(const struct redact *r, const struct secret *k,
                        const char *s, bool inside)
{
    bool distinct = k->n >= DISTINCT;
    if ((inside && !distinct) || (k->capital && !is_capital(peek(s))))
        return 0;
    int edits = k->n >= TWO_EDITS ? 2 : k->n >= ONE_EDIT;
    if (!r->ocr || inside || (k->digits && !distinct))
        edits = 0;
    int n = rest_at(k, 0, s, edits);
    if (n <= 0 || (!distinct && is_wordy(peek(s + n))))
        return 0;
    return (size_t)n;
}

/* What begins at s and must not be sent; 0 when nothing does. */
static size_t personal_at(const struct redact *r, const char *s, bool inside,
                          const char **kind)
{
    size_t most = 0;
    const char *form = NULL;
    for (size_t i = 0; i < r->n_secrets; i++) {
        size_t n = secret_at(r, &r->secrets[i], s, inside);
        if (n > most) {
            most = n;
            *kind = r->secrets[i].kind;
        }
    }
    size_t n = inside ? 0 : redact_form_at(s, &form);
    if (n > most) {
        most = n;
        *kind = form;
    }
    return most;
}

/* ---- marks --------------------------------------------------------------- */

static const char *mark_for(struct redact *r, const char *kind,
                            const char *text)
{
    int same = 0;
    for (size_t i = 0; i < r->n_marks; i++) {
        const struct mark_of *m = &r->marks[i];
        size_t n = strlen(kind);
        bool of_kind = strncmp(m->mark + 1, kind, n) == 0 &&
                       (m->mark[n + 1] == ']' ||
                        (m->mark[n + 2] >= '0' && m->mark[n + 2] <= '9'));
        if (of_kind && strcmp(m->text, text) == 0)
            return m->mark;
        same += of_kind;
    }
    if (r->n_marks == MARKS_MOST)
        return "[MASQUE]";
    const char *mark = same ? arena_printf(r->a, "[%s_%d]", kind, same + 1)
                            : arena_printf(r->a, "[%s]", kind);
    r->marks[r->n_marks++] = (struct mark_of){mark, text};
    return mark;
}

const char *redact_text(struct redact *r, const char *text)
{
    struct buf b;
    uint32_t before = 0;
    buf_init(&b, r->a, strlen(text) * 8 + 64);
    while (*text) {
        const char *kind = NULL, *next = text;
        uint32_t cp = str_utf8_next(&next);
        size_t n = personal_at(r, text, is_wordy(before), &kind);
        if (n) {
            buf_str(&b, mark_for(r, kind, arena_strndup(r->a, text, n)));
            text += n;
            before = 0;
            continue;
        }
        buf_add(&b, text, (size_t)(next - text));
        before = cp;
        text = next;
    }
    return buf_cstr(&b);
}

const char *redact_restore(const struct redact *r, const char *text)
{
    struct buf b;
    buf_init(&b, r->a, 1 << 20);
    while (*text) {
        size_t n = 0;
        for (size_t i = 0; *text == '[' && i < r->n_marks && !n; i++)
            if (str_starts(text, r->marks[i].mark)) {
                buf_str(&b, r->marks[i].text);
                n = strlen(r->marks[i].mark);
            }
        if (!n)
            buf_char(&b, *text);
        text += n ? n : 1;
    }
    return buf_cstr(&b);
}
