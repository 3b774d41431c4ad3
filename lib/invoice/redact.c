/* Secrets are looked for without regard to white space, at word bounds, the
 * longest first; then forms: e-mail, telephone, IBAN. */
#include "invoice/redact.h"
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/needles.h"
#include "base/banned.h"

enum { SECRETS_MAX = 200, MARKS_MOST = 400, SECRET_LEAST = 4, FORM_MOST = 80 };

struct secret {
    const char *kind;
    uint32_t *cp; /* without white space, lower case */
    uint32_t n;
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

static uint32_t lower(uint32_t cp)
{
    if ((cp >= 'A' && cp <= 'Z') || (cp >= 0xC0 && cp <= 0xDE && cp != 0xD7))
        return cp + 32;
    return cp;
}

static bool is_wordy(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
           (cp >= 'A' && cp <= 'Z') || (cp >= 0xC0 && cp < 0x250);
}

static void add_secret(struct redact *r, const char *kind, const char *text)
{
    if (!text || r->n_secrets == SECRETS_MAX)
        return;
    text = french_normalise(r->a, text);
    struct secret *s = &r->secrets[r->n_secrets];
    *s = (struct secret){.kind = kind,
                         .cp = ARENA_ARRAY(r->a, strlen(text) + 1, uint32_t)};
    while (*text) {
        uint32_t cp = str_utf8_next(&text);
        if (!is_space(cp))
            s->cp[s->n++] = lower(cp);
    }
    r->n_secrets += s->n >= SECRET_LEAST;
}

/* Words of names and addresses that are not everybody's. */
static void add_words(struct redact *r, const char *kind, const char *text)
{
    uint32_t n;
    if (!text)
        return;
    text = french_normalise(r->a, text);
    struct token *t = layout_tokens(r->a, text, &n);
    for (uint32_t i = 0; i < n; i++)
        if (t[i].len >= SECRET_LEAST && !needles_everyday(t[i].text))
            add_secret(
                r, kind,
                arena_strndup(r->a, text + t[i].from, t[i].to - t[i].from));
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
    add_secret(r, "CLIENT", customer_name);
    add_words(r, "CLIENT", customer_name);
    for (size_t i = 0; i < ARRAY_LEN(personal); i++) {
        const char *text = invoice_text(inv, personal[i].id);
        add_secret(r, personal[i].kind, text);
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

/* Bytes that the secret covers at s, or 0. */
static size_t secret_at(const struct secret *k, const char *s)
{
    const char *at = s;
    for (uint32_t i = 0; i < k->n;) {
        const char *next = at;
        uint32_t cp = *at ? str_utf8_next(&next) : 0;
        if (!cp || (i == 0 && is_space(cp)))
            return 0;
        if (!is_space(cp) && lower(cp) != k->cp[i++])
            return 0;
        at = next;
    }
    bool inside = is_wordy(k->cp[k->n - 1]) && is_wordy(peek(at));
    return inside ? 0 : (size_t)(at - s);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* name@host.tld */
static size_t email_at(const char *s)
{
    size_t n = 0, at;
    while (n < FORM_MOST && (is_alnum(s[n]) || (s[n] && strchr("._%+-", s[n]))))
        n++;
    if (n == 0 || s[n] != '@')
        return 0;
    at = ++n;
    bool dot = false;
    while (n < 2 * FORM_MOST && (is_alnum(s[n]) || s[n] == '-' || s[n] == '.'))
        dot |= s[n++] == '.';
    while (n > at && !is_alnum(s[n - 1]))
        n--;
    return dot && n > at + 2 ? n : 0;
}

/* 0X XX XX XX XX or +33 X XX XX XX XX: pairs parted by nothing, or all by the
 * same space, point or hyphen, which dates are not. */
static size_t phone_at(const char *s)
{
    size_t n = 0;
    if (str_starts(s, "+33"))
        n = 3 + (s[3] == ' ') +
            (str_starts(s + 3 + (s[3] == ' '), "(0)") ? 3 : 0);
    else if (*s == '0')
        n = 1;
    if (!n || s[n] < '1' || s[n] > '9')
        return 0;
    n++;
    char part = s[n] && strchr(" .-", s[n]) ? s[n] : 0;
    for (int i = 0; i < 4; i++) {
        if (part && s[n++] != part)
            return 0;
        if (!is_digit(s[n]) || !is_digit(s[n + 1]))
            return 0;
        n += 2;
    }
    return is_digit(s[n]) ? 0 : n;
}

/* Two letters, two digits, then 11 to 30 more in one run or in groups of
 * four; some may be hidden by stars or X. */
static size_t iban_at(const char *s)
{
    if (!(s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' &&
          is_digit(s[2]) && is_digit(s[3])))
        return 0;
    size_t n = 4, count = 0, group = s[4] == ' ' ? 4 : 30;
    while (count < 30) {
        size_t at = n + (s[n] == ' '), len = 0;
        while (len < group && (is_digit(s[at + len]) || s[at + len] == '*' ||
                               (s[at + len] >= 'A' && s[at + len] <= 'Z')))
            len++;
        if (!len || is_alnum(s[at + len]))
            break;
        count += len;
        n = at + len;
        if (len < group || s[n] != ' ')
            break;
    }
    return count >= 11 ? n : 0;
}

static const struct {
    const char *kind;
    size_t (*at)(const char *s);
} forms[] = {{"EMAIL", email_at}, {"IBAN", iban_at}, {"TEL", phone_at}};

/* What begins at s and must not be sent; 0 when nothing does. */
static size_t personal_at(const struct redact *r, const char *s,
                          const char **kind)
{
    size_t n;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if ((n = forms[i].at(s)) > 0) {
            *kind = forms[i].kind;
            return n;
        }
    for (size_t i = 0; i < r->n_secrets; i++)
        if ((n = secret_at(&r->secrets[i], s)) > 0) {
            *kind = r->secrets[i].kind;
            return n;
        }
    return 0;
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
                       (m->mark[n + 1] == ']' || is_digit(m->mark[n + 2]));
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
        size_t n = is_wordy(before) ? 0 : personal_at(r, text, &kind);
        if (n) {
            buf_str(&b, mark_for(r, kind, arena_strndup(r->a, text, n)));
            text += n;
            before = ']';
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
