/* Small changes of a sample invoice, written as text in tests/rules:
 * "total_ttc=14650; line2.amount=7000; meter0.end=-; zip=20000". Values are
 * in the record's own units; "-" makes a field absent. */
#pragma once
#include "sample_invoice.h"

static inline bool sample_is(const char *key, const char *start, size_t *i,
                             const char **member)
{
    const size_t n = strlen(start);
    char *end;
    if (strncmp(key, start, n) != 0)
        return false;
    *i = (size_t)strtoul(key + n, &end, 10);
    *member = end + (*end == '.');
    return end > key + n;
}

/* Integers and dates. */
static inline int64_t sample_value(const char *text)
{
    int32_t day;
    int64_t v = 0;
    if (sheet_date(text, &day))
        return day;
    if (!str_to_i64(text, &v)) {
        fprintf(stderr, "not a number: %s\n", text);
        exit(2);
    }
    return v;
}

static inline bool sample_change_line(struct arena *a, struct line *l,
                                      const char *member, const char *text)
{
    if (str_eq(member, "component")) {
        for (enum component c = 0; c < COMP_MAX; c++)
            if (str_eq(component_name(c), text))
                l->component = c;
        return true;
    }
    if (str_eq(member, "unit")) {
        for (enum unit u = 0; u < UNIT_MAX; u++)
            if (str_eq(unit_name(u), text))
                l->unit = u;
        return true;
    }
    if (str_eq(member, "label"))
        return l->label = l->ev.quote = arena_strdup(a, text), true;
    if (str_eq(member, "local"))
        return l->is_local_tax = true;
    if (str_eq(member, "period"))
        return l->has_period = false, true;
    if (str_eq(member, "register"))
        return l->registr = NULL, true;
    const int64_t v = str_eq(text, "-") ? 0 : sample_value(text);
    const bool has = !str_eq(text, "-");
    if (str_eq(member, "amount"))
        l->amount_cents = v, l->has_amount = has;
    else if (str_eq(member, "qty"))
        l->quantity_milli = v, l->has_quantity = has;
    else if (str_eq(member, "price"))
        l->price_micro = v, l->has_price = has;
    else if (str_eq(member, "decimals"))
        l->price_decimals = (int8_t)v;
    else if (str_eq(member, "rate"))
        l->rate_bp = (int32_t)v, l->has_rate = has;
    else if (str_eq(member, "start"))
        l->start = (int32_t)v, l->has_period = true;
    else if (str_eq(member, "end"))
        l->end = (int32_t)v;
    else if (str_eq(member, "conf"))
        l->ev.conf = (int16_t)v;
    else
        return false;
    return true;
}

static inline bool sample_change_meter(struct meter *m, const char *member,
                                       const char *text)
{
    const int64_t v = str_eq(text, "-") ? 0 : sample_value(text);
    if (str_eq(member, "kind_start"))
        m->kind_start = (enum reading_kind)v;
    else if (str_eq(member, "kind_end"))
        m->kind_end = (enum reading_kind)v;
    else if (str_eq(member, "start"))
        m->start = v;
    else if (str_eq(member, "end"))
        m->end = v;
    else if (str_eq(member, "consumption"))
        m->consumption = v, m->has_consumption = !str_eq(text, "-");
    else
        return false;
    return true;
}

static inline bool sample_change_field(struct arena *a, struct invoice *inv,
                                       const char *key, const char *text)
{
    for (enum field_id f = 0; f < F_MAX; f++) {
        const char *name = field_infos[f].name;
        const size_t n = strlen(name);
        if (strncmp(name, key, n) != 0)
            continue;
        struct value *v = &inv->f[f];
        if (str_eq(key + n, ".conf"))
            return v->ev.conf = (int16_t)sample_value(text), true;
        if (key[n])
            continue;
        if (!v->present)
            v->ev = sample_evidence(1, (int)f, text);
        v->present = !str_eq(text, "-");
        if (field_infos[f].type == FIELD_TEXT ||
            field_infos[f].type == FIELD_ENUM)
            v->text = arena_strdup(a, text);
        else if (v->present)
            v->num = sample_value(text);
        return true;
    }
    return false;
}

static inline bool sample_change_mention(struct invoice *inv,
                                         const char *name, const char *text)
{
    for (enum mention_id m = 0; m < MENTION_MAX; m++)
        if (str_eq(mention_name(m), name)) {
            struct mention *said = &inv->mentions[m];
            said->present = !str_eq(text, "-");
            said->num = said->present ? sample_value(text) : 0;
            said->ev = sample_evidence(2, 50 + (int)m, mention_name(m));
            return true;
        }
    return false;
}

static inline bool sample_change_one(struct arena *a, struct invoice *inv,
                                     const char *key, const char *text)
{
    size_t i;
    const char *member;
    if (str_eq(key, "zip"))
        return inv->zip = arena_strdup(a, text), true;
    if (str_eq(key, "pro"))
        return inv->is_professional = str_eq(text, "1"), true;
    if (str_eq(key, "pages"))
        return inv->pages = (enum pages_state)sample_value(text), true;
    if (str_eq(key, "paper"))
        return inv->paper = (enum paper)sample_value(text), true;
    if (str_starts(key, "say."))
        return sample_change_mention(inv, key + 4, text);
    if (str_eq(key, "conf"))
        return inv->conf = (int16_t)sample_value(text), true;
    if (str_eq(key, "lines"))
        return inv->n_lines = (size_t)sample_value(text), true;
    if (str_eq(key, "vat"))
        return inv->n_vat = (size_t)sample_value(text), true;
    if (sample_is(key, "line", &i, &member) && i < inv->n_lines)
        return sample_change_line(a, &inv->lines[i], member, text);
    if (sample_is(key, "meter", &i, &member) && i < inv->n_meters)
        return sample_change_meter(&inv->meters[i], member, text);
    return sample_change_field(a, inv, key, text);
}

/* Applies all changes; ends the program at one it does not know. */
static inline void sample_change(struct arena *a, struct invoice *inv,
                                 const char *changes)
{
    const char *parts[32];
    const size_t n = str_split(a, changes, ';', parts, 32);
    for (size_t i = 0; i < n; i++) {
        const char *pair[2] = {"", ""};
        const char *part = str_trim(a, parts[i]);
        if (!*part)
            continue;
        str_split(a, part, '=', pair, 2);
        if (!sample_change_one(a, inv, pair[0], pair[1])) {
            fprintf(stderr, "unknown change: %s\n", part);
            exit(2);
        }
    }
}
