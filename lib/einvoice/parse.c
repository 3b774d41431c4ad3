/* One pass of expat over the file. A document type declaration ends the
 * reading: without one there are no entities, so nothing to expand or fetch. */
#include "einvoice/parse.h"
#include <expat.h>
#include <string.h>
#include "base/str.h"
#include "einvoice/paths.h"
#include "base/banned.h"

enum {
    PATH_MAX_BYTES = 240, /* of a shortened path; deeper is of no interest */
    PARSED_TEXT = 2048,   /* bytes of one element's text that are kept */
    TOTAL_TEXT = 1 << 20  /* bytes of all values: what a child may hand over */
};

/* Terms of a charge follow those of an allowance in the table. */
#define CHARGE_SHIFT (BT_99 - BT_92)

struct parse {
    struct arena *a;
    XML_Parser xml;
    const struct parse_limits *lim;
    const struct paths *paths; /* NULL until the root was seen */
    struct einvoice *e;
    char path[PATH_MAX_BYTES];
    size_t ends[64];      /* length of the path above each open element */
    uint32_t depth, lost; /* lost: open elements below a path too long */
    char text[PARSED_TEXT];
    size_t n_text, total;
    char unit[32], scheme[16], currency[16], format[8];
    int charge; /* -1 outside, 0 unknown yet, else EINVOICE_ALLOWANCE or …CHARGE
                 */
    bool foreign, bad; /* foreign: no invoice at all */
};

static void stop(struct parse *p)
{
    p->bad = true;
    XML_StopParser(p->xml, XML_FALSE);
}

/* ---- elements ----------------------------------------------------------- */

/* expat writes "namespace|name". */
static const char *local_name(const char *name)
{
    const char *bar = strrchr(name, '|');
    return bar ? bar + 1 : name;
}

static void take_root(struct parse *p, const char *name)
{
    const char *local = local_name(name);
    const size_t n = local > name ? (size_t)(local - name) - 1 : 0;
    p->paths = paths_find(arena_strndup(p->a, name, n), local);
    p->foreign = !p->paths;
    if (p->foreign)
        XML_StopParser(p->xml, XML_FALSE);
    else
        p->e->syntax = p->paths->syntax;
}

static void keep(char *out, size_t size, const char *value)
{
    const size_t n = strnlen(value, size - 1);
    memcpy(out, value, n);
    out[n] = 0;
}

static void take_attributes(struct parse *p, const char **attrs)
{
    p->unit[0] = p->scheme[0] = p->currency[0] = p->format[0] = 0;
    for (; attrs[0]; attrs += 2) {
        if (strcmp(attrs[0], "unitCode") == 0)
            keep(p->unit, sizeof p->unit, attrs[1]);
        else if (strcmp(attrs[0], "schemeID") == 0)
            keep(p->scheme, sizeof p->scheme, attrs[1]);
        else if (strcmp(attrs[0], "currencyID") == 0)
            keep(p->currency, sizeof p->currency, attrs[1]);
        else if (strcmp(attrs[0], "format") == 0)
            keep(p->format, sizeof p->format, attrs[1]);
    }
}

static bool add_group(struct parse *p, enum einvoice_group g)
{
    if (p->e->n[g] >= einvoice_group_max[g]) {
        stop(p);
        return false;
    }
    p->e->n[g]++;
    return true;
}

static void open_group(struct parse *p)
{
    const struct paths_group *g = paths_group(p->paths, p->path);
    if (!g)
        return;
    if (g->kind == PATHS_BOTH)
        p->charge = 0;
    else if (g->kind == PATHS_CHARGE && add_group(p, EINVOICE_CHARGE))
        p->charge = -1;
    else if (g->kind == PATHS_VAT || g->kind == PATHS_LINE)
        add_group(p, g->kind == PATHS_VAT ? EINVOICE_VAT : EINVOICE_LINE);
}

static void push(struct parse *p, const char *local)
{
    const char *name = p->paths->aliases ? paths_alias(local) : local;
    const size_t at = strlen(p->path), n = strlen(name);
    p->ends[p->depth++] = at;
    if (p->lost || at + n + 2 > sizeof p->path) {
        p->lost++;
        return;
    }
    if (at)
        p->path[at] = '/';
    memcpy(p->path + at + (at > 0), name, n + 1);
    open_group(p);
}

static void on_start(void *user, const char *name, const char **attrs)
{
    struct parse *p = user;
    if (p->bad || p->foreign)
        return;
    p->n_text = 0;
    if (!p->paths) {
        take_root(p, name);
        return;
    }
    if (p->depth >= p->lim->depth || p->depth >= ARRAY_LEN(p->ends)) {
        stop(p);
        return;
    }
    take_attributes(p, attrs);
    push(p, local_name(name));
}

/* ---- values ------------------------------------------------------------- */

/* White space and control characters become single spaces. */
static const char *clean(struct parse *p)
{
    char *out = arena_alloc(p->a, p->n_text + 1);
    size_t n = 0;
    bool gap = false;
    for (size_t i = 0; i < p->n_text; i++) {
        const unsigned char c = (unsigned char)p->text[i];
        if (c <= 0x20 || c == 0x7f) {
            gap = n > 0;
            continue;
        }
        if (gap)
            out[n++] = ' ';
        gap = false;
        out[n++] = (char)c;
    }
    if (n > EINVOICE_TEXT_MAX)
        n = EINVOICE_TEXT_MAX;
    while (n > 0 && !str_utf8_ok(out, n))
        n--; /* cut within a letter */
    out[n] = 0;
    return out;
}

/* Formats 102 (YYYYMMDD) and 203 (with the time of day), or ISO 8601 with
 * whatever follows its date. NULL for anything else. */
static const char *iso_date(struct parse *p, const char *s)
{
    const size_t digits = strspn(s, "0123456789");
    if (digits == 4 && strlen(s) >= 10)
        return arena_strndup(p->a, s, 10);
    const bool known = !p->format[0] || strcmp(p->format, "102") == 0 ||
                       strcmp(p->format, "203") == 0;
    if (!known || digits < 8 || s[digits])
        return NULL;
    return arena_printf(p->a, "%.4s-%.2s-%.2s", s, s + 4, s + 6);
}

static bool is_vat_id(const struct parse *p, const char *s)
{
    if (p->scheme[0])
        return strcmp(p->scheme, "VA") == 0;
    return s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z';
}

static bool is_code(const char *s)
{
    for (const char *c = s; *c; c++)
        if (!(*c >= '0' && *c <= '9') && !(*c >= 'A' && *c <= 'Z'))
            return false;
    return *s != 0;
}

/* Amounts may be repeated in the currency of the accounts. */
static bool in_other_currency(const struct parse *p)
{
    const char *own = einvoice_text(p->e, BT_5, 0);
    return p->currency[0] && own && strcmp(p->currency, own) != 0;
}

static void set(struct parse *p, enum einvoice_term t, const char *text)
{
    const enum einvoice_group g = einvoice_info(t)->group;
    const uint16_t n = p->e->n[g];
    if (n == 0)
        return; /* outside of its group */
    if (einvoice_info(t)->kind == EINVOICE_DATE)
        text = iso_date(p, text);
    p->total += text ? strlen(text) : 0;
    if (!einvoice_set(p->e, t, (uint16_t)(n - 1), text) ||
        p->total > TOTAL_TEXT)
        stop(p);
}

/* The indicator says which of the two the open group is. */
static bool take_indicator(struct parse *p, const char *text)
{
    if (p->charge != 0 || (!str_ends(p->path, "/ChargeIndicator") &&
                           !str_ends(p->path, "/ChargeIndicator/Indicator")))
        return false;
    const bool yes = str_eq(text, "true") || str_eq(text, "1");
    const enum einvoice_group g = yes ? EINVOICE_CHARGE : EINVOICE_ALLOWANCE;
    if ((yes || str_eq(text, "false") || str_eq(text, "0")) && add_group(p, g))
        p->charge = (int)g;
    return true;
}

static void take_value(struct parse *p, const struct paths_row *row)
{
    enum einvoice_term t = row->term;
    const char *text = clean(p);
    if (einvoice_info(t)->group == EINVOICE_ALLOWANCE) {
        if (p->charge <= 0)
            return;
        if (p->charge == EINVOICE_CHARGE)
            t = (enum einvoice_term)(t + CHARGE_SHIFT);
    }
    if (row->rule == PATHS_VAT_ID && !is_vat_id(p, text))
        return;
    if (row->rule == PATHS_TOTAL_VAT && in_other_currency(p))
        t = BT_111;
    if (row->rule == PATHS_CURRENCY && in_other_currency(p))
        return;
    set(p, t, text);
    if (row->unit && is_code(p->unit))
        set(p, (enum einvoice_term)(row->unit - 1),
            arena_strdup(p->a, p->unit));
}

static void on_end(void *user, const char *name)
{
    struct parse *p = user;
    (void)name;
    if (p->bad || p->foreign || p->depth == 0)
        return;
    if (!p->lost) {
        const struct paths_row *row =
            p->n_text ? paths_row(p->paths, p->path) : NULL;
        if (p->n_text && !(p->charge == 0 && take_indicator(p, clean(p))) &&
            row)
            take_value(p, row);
        const struct paths_group *g = paths_group(p->paths, p->path);
        if (g && g->kind == PATHS_BOTH)
            p->charge = -1;
    }
    p->lost -= p->lost > 0;
    p->path[p->ends[--p->depth]] = 0;
    p->n_text = 0;
}

static void on_text(void *user, const char *s, int n)
{
    struct parse *p = user;
    const size_t room = sizeof p->text - p->n_text;
    const size_t more = (size_t)n < room ? (size_t)n : room;
    memcpy(p->text + p->n_text, s, more);
    p->n_text += more;
}

static void on_doctype(void *user, const char *name, const char *sysid,
                       const char *pubid, int internal)
{
    (void)name, (void)sysid, (void)pubid, (void)internal;
    stop(user);
}

/* ---- the file ----------------------------------------------------------- */

/* A file that is cut or damaged before its root element is recognised by
 * the words of its first bytes. */
static bool looks_like_invoice(struct bytes xml)
{
    static const char *const words[] = {
        ":CrossIndustryInvoice:", ":CrossIndustryDocument:",
        ":SCRDMCCBDACIOMessageStructure:", ":ubl:schema:xsd:Invoice-2",
        ":ubl:schema:xsd:CreditNote-2"};
    const size_t n = xml.n < 4096 ? xml.n : 4096;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (memmem(xml.p, n, words[i], strlen(words[i])))
            return true;
    return false;
}

static struct einvoice *malformed(struct arena *a, enum einvoice_syntax s)
{
    struct einvoice *e = einvoice_new(a, 0);
    e->syntax = s;
    e->malformed = true;
    return e;
}

static bool feed(struct parse *p, struct bytes xml)
{
    XML_SetUserData(p->xml, p);
    XML_SetElementHandler(p->xml, on_start, on_end);
    XML_SetCharacterDataHandler(p->xml, on_text);
    XML_SetStartDoctypeDeclHandler(p->xml, on_doctype);
    return XML_Parse(p->xml, (const char *)xml.p, (int)xml.n, XML_TRUE) ==
               XML_STATUS_OK &&
           !p->bad;
}

struct einvoice *parse_xml(struct arena *a, struct bytes xml,
                           const struct parse_limits *lim)
{
    if (xml.n > lim->bytes || xml.n > INT32_MAX)
        return looks_like_invoice(xml) ? malformed(a, EINVOICE_NONE) : NULL;
    struct parse *p = ARENA_NEW(a, struct parse);
    *p = (struct parse){.a = a, .lim = lim, .charge = -1};
    p->e = einvoice_new(a, EINVOICE_VALUES_MAX);
    p->xml = XML_ParserCreateNS(NULL, '|');
    if (!p->xml)
        return malformed(a, EINVOICE_NONE);
    const bool ok = feed(p, xml);
    XML_ParserFree(p->xml);
    if (ok && p->paths)
        return p->e;
    if (p->foreign || (!p->paths && !looks_like_invoice(xml)))
        return NULL;
    return malformed(a, p->paths ? p->paths->syntax : EINVOICE_NONE);
}
