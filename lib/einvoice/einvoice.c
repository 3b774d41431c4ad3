/* Terms by number, exact numbers, and the flat form that a responder reads
 * from a sandboxed child: whatever it says is checked. */
#include "einvoice/einvoice.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "base/banned.h"

enum { MAGIC = 0x31584345 /* "ECX1" */, DAYS_ISO = 10 };

static const struct einvoice_info infos[BT_MAX] = {
#define TERM(n, k, g, name) {"BT-" #n, name, EINVOICE_##k, EINVOICE_##g},
#include "einvoice/terms.tbl"
#undef TERM
};

const uint16_t einvoice_group_max[EINVOICE_GROUPS] = {[EINVOICE_DOC] = 1,
                                                      [EINVOICE_VAT] = 100,
                                                      [EINVOICE_LINE] = 5000,
                                                      [EINVOICE_ALLOWANCE] =
                                                          1000,
                                                      [EINVOICE_CHARGE] = 1000};

const struct einvoice_info *einvoice_info(enum einvoice_term t)
{
    return &infos[t < BT_MAX ? t : 0];
}

struct einvoice *einvoice_new(struct arena *a, uint32_t room)
{
    struct einvoice *e = ARENA_NEW(a, struct einvoice);
    uint32_t slots = 16;
    while (slots < room * 2)
        slots *= 2;
    e->room = room;
    e->mask = slots - 1;
    e->slots = ARENA_ARRAY(a, slots, uint32_t);
    e->values = ARENA_ARRAY(a, room ? room : 1, struct einvoice_value);
    e->n[EINVOICE_DOC] = 1;
    return e;
}

/* The slot of a term, or the empty one where it belongs. */
static uint32_t *slot(const struct einvoice *e, enum einvoice_term t,
                      uint16_t at)
{
    uint32_t h = ((uint32_t)at * 128 + t) * 2654435761u;
    for (h >>= 7;; h++) {
        uint32_t *s = &e->slots[h & e->mask];
        const struct einvoice_value *v = &e->values[*s ? *s - 1 : 0];
        if (!*s || (v->term == t && v->at == at))
            return s;
    }
}

bool einvoice_set(struct einvoice *e, enum einvoice_term t, uint16_t at,
                  const char *text)
{
    if (!text || !*text)
        return true;
    uint32_t *s = slot(e, t, at);
    if (*s)
        return true;
    if (e->n_values >= e->room)
        return false;
    e->values[e->n_values++] = (struct einvoice_value){(uint16_t)t, at, text};
    *s = e->n_values;
    return true;
}

const char *einvoice_text(const struct einvoice *e, enum einvoice_term t,
                          uint16_t at)
{
    const uint32_t *s = slot(e, t, at);
    return *s ? e->values[*s - 1].text : NULL;
}

const char *einvoice_currency(const struct einvoice *e)
{
    const char *s = einvoice_text(e, BT_5, 0);
    return s && strlen(s) == 3 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3
               ? s
               : NULL;
}

/* ---- numbers and dates -------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool push_digit(int64_t *v, char c)
{
    return !__builtin_mul_overflow(*v, 10, v) &&
           !__builtin_add_overflow(*v, c - '0', v);
}

bool einvoice_decimal(const char *text, int scale, int64_t *out)
{
    const bool minus = *text == '-';
    const char *s = text + (minus || *text == '+');
    int64_t v = 0;
    int digits = 0, decimals = 0;
    for (; is_digit(*s); s++, digits++)
        if (!push_digit(&v, *s))
            return false;
    if (*s == '.')
        for (s++; is_digit(*s); s++, digits++) {
            if (decimals == scale && *s != '0')
                return false;
            if (decimals < scale && !push_digit(&v, *s))
                return false;
            decimals += decimals < scale;
        }
    for (; decimals < scale; decimals++)
        if (!push_digit(&v, '0'))
            return false;
    *out = minus ? -v : v;
    return *s == 0 && digits > 0;
}

bool einvoice_micro(const struct einvoice *e, enum einvoice_term t, uint16_t at,
                    int64_t *out)
{
    const char *s = einvoice_text(e, t, at);
    return s && einvoice_decimal(s, 6, out);
}

static int number(const char *s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++)
        v = is_digit(s[i]) ? v * 10 + (s[i] - '0') : -100000;
    return v;
}

bool einvoice_day(const struct einvoice *e, enum einvoice_term t, uint16_t at,
                  int32_t *out)
{
    const char *s = einvoice_text(e, t, at);
    if (!s || strlen(s) != DAYS_ISO || s[4] != '-' || s[7] != '-')
        return false;
    const int y = number(s, 4), m = number(s + 5, 2), d = number(s + 8, 2);
    if (y < 1900 || m < 1 || m > 12 || d < 1 || d > clock_month_days(y, m))
        return false;
    *out = clock_days(y, m, d);
    return true;
}

/* ---- profiles ----------------------------------------------------------- */

static const char *family(const struct einvoice *e, const char *guide)
{
    if (e->syntax == EINVOICE_CII)
        return strcasestr(guide, "zugferd")     ? "zugferd-2"
               : strcasestr(guide, "xrechnung") ? "xrechnung"
               : strcasestr(guide, "factur-x")  ? "factur-x"
                                                : "cii";
    static const char *const names[EINVOICE_MAX] = {
        [EINVOICE_NONE] = "",
        [EINVOICE_ZUGFERD1] = "zugferd-1",
        [EINVOICE_ORDER] = "order-x",
        [EINVOICE_UBL] = "ubl",
        [EINVOICE_UBL_CREDIT] = "ubl"};
    return names[e->syntax];
}

static const char *level(const struct einvoice *e, const char *guide)
{
    static const char *const words[] = {"minimum",   "basicwl", "basic-wl",
                                        "extended",  "comfort", "basic",
                                        "xrechnung", "peppol"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcasestr(guide, words[i]))
            return words[i];
    if (strcasestr(guide, "en16931"))
        return "en16931";
    return e->syntax == EINVOICE_UBL_CREDIT ? "creditnote" : "invoice";
}

const char *einvoice_profile(const struct einvoice *e,
                             char out[EINVOICE_PROFILE])
{
    const char *guide = einvoice_text(e, BT_24, 0);
    guide = guide ? guide : "";
    snprintf(out, EINVOICE_PROFILE, "%s:%s", family(e, guide), level(e, guide));
    return out;
}

/* ---- the flat form ------------------------------------------------------ */

struct head {
    uint32_t magic, n_values;
    uint16_t n[EINVOICE_GROUPS];
    uint8_t syntax, malformed;
};

struct item {
    uint16_t term, at, len;
};

void einvoice_pack(struct buf *out, const struct einvoice *e)
{
    struct head h = {.magic = MAGIC,
                     .n_values = e->n_values,
                     .syntax = (uint8_t)e->syntax,
                     .malformed = e->malformed};
    memcpy(h.n, e->n, sizeof h.n);
    buf_add(out, &h, sizeof h);
    for (uint32_t i = 0; i < e->n_values; i++) {
        const struct einvoice_value *v = &e->values[i];
        const size_t len = strlen(v->text);
        const struct item it = {v->term, v->at, (uint16_t)len};
        out->failed |= len > EINVOICE_TEXT_MAX;
        buf_add(out, &it, sizeof it);
        buf_add(out, v->text, len);
    }
}

static bool take(struct bytes *in, void *out, size_t n)
{
    if (in->n < n)
        return false;
    memcpy(out, in->p, n);
    in->p += n;
    in->n -= n;
    return true;
}

static bool head_ok(const struct head *h, size_t rest)
{
    for (size_t g = 0; g < EINVOICE_GROUPS; g++)
        if (h->n[g] > einvoice_group_max[g])
            return false;
    return h->magic == MAGIC && h->n_values <= EINVOICE_VALUES_MAX &&
           h->n_values <= rest / (sizeof(struct item) + 1) &&
           h->n[EINVOICE_DOC] == 1 && h->syntax < EINVOICE_MAX &&
           h->malformed <= 1 && (!h->malformed || h->n_values == 0);
}

static bool text_ok(const char *s, size_t n)
{
    if (strlen(s) != n || !str_utf8_ok(s, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
            return false;
    return true;
}

static bool take_value(struct arena *a, struct bytes *in, struct einvoice *e)
{
    struct item it;
    if (!take(in, &it, sizeof it) || it.term >= BT_MAX || it.len == 0 ||
        it.len > EINVOICE_TEXT_MAX || it.len > in->n ||
        it.at >= e->n[infos[it.term].group])
        return false;
    const char *text = arena_strndup(a, (const char *)in->p, it.len);
    in->p += it.len;
    in->n -= it.len;
    const uint32_t before = e->n_values;
    return text_ok(text, it.len) &&
           einvoice_set(e, (enum einvoice_term)it.term, it.at, text) &&
           e->n_values == before + 1; /* no term twice */
}

struct einvoice *einvoice_unpack(struct arena *a, struct bytes in)
{
    struct head h;
    if (!take(&in, &h, sizeof h) || !head_ok(&h, in.n))
        return NULL;
    struct einvoice *e = einvoice_new(a, h.n_values);
    e->syntax = (enum einvoice_syntax)h.syntax;
    e->malformed = h.malformed != 0;
    memcpy(e->n, h.n, sizeof e->n);
    for (uint32_t i = 0; i < h.n_values; i++)
        if (!take_value(a, &in, e))
            return NULL;
    return in.n == 0 ? e : NULL;
}
