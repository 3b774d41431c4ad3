/* A repair changes one digit that OCR doubts, and only when no other change
 * of one doubted digit would satisfy the same identities (energy README 1.8).
 * Printed mistakes are findings: their digits are not doubted. */
#include "invoice/repair.h"
#include "base/str.h"
#include "invoice/repair_identity.h"

enum { ROUNDS = 16, CONF_REPAIRED = 800 };

static const int64_t powers[] = {
    1,       10,       100,       1000,       10000,       100000,
    1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000};
enum { POWERS = sizeof powers / sizeof *powers };

/* One digit of one number, changed. */
struct change {
    size_t slot;
    int64_t num;
};

static int64_t with_digit(int64_t num, int k, int digit)
{
    int64_t size = num < 0 ? -num : num;
    int64_t old = size / powers[k] % 10;
    size += (digit - old) * powers[k];
    return num < 0 ? -size : size;
}

/* The identities of a slot hold with what stands in it: money and readings
 * to the last digit. False too when it takes part in none. */
static bool holds(const struct repair_set *s, size_t slot)
{
    bool any = false;
    for (size_t i = 0; i < s->n; i++) {
        const struct repair_identity *id = &s->list[i];
        if (!repair_identity_has(s, id, slot))
            continue;
        enum repair_fit fit = repair_identity_fit(s, id);
        if (fit == REPAIR_BROKEN ||
            (fit == REPAIR_NEAR && id->kind == REPAIR_SUM))
            return false;
        any = true;
    }
    return any;
}

/* Counts the changes of one doubted digit of a slot after which all of its
 * identities hold; the last one is left in *found. */
static size_t changes_of(const struct repair_set *s, size_t slot,
                         struct change *found)
{
    const struct repair_slot *at = &s->slots[slot];
    const int64_t printed = *at->num;
    size_t n = 0;
    for (int k = 0; k < POWERS; k++) {
        if (!(*at->ink >> k & 1))
            continue;
        for (int digit = 0; digit <= 9; digit++) {
            int64_t other = with_digit(printed, k, digit);
            if (other == printed)
                continue;
            *at->num = other;
            if (holds(s, slot)) {
                *found = (struct change){slot, other};
                n++;
            }
        }
    }
    *at->num = printed;
    return n;
}

/* The changes that would make a broken identity and all others of the same
 * number hold. */
static size_t changes_for(const struct repair_set *s,
                          const struct repair_identity *id,
                          struct change *found)
{
    size_t n = 0;
    for (uint32_t i = 0; i < id->n && n < 2; i++) {
        size_t slot = s->terms[id->first + i].slot;
        if (*s->slots[slot].ink && !s->slots[slot].ev->derived)
            n += changes_of(s, slot, found);
    }
    return n;
}

static bool repair_one(const struct repair_set *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct change c;
        if (repair_identity_fit(s, &s->list[i]) != REPAIR_BROKEN ||
            changes_for(s, &s->list[i], &c) != 1)
            continue;
        struct evidence *ev = s->slots[c.slot].ev;
        *s->slots[c.slot].num = c.num;
        ev->repaired = true;
        if (ev->conf > CONF_REPAIRED)
            ev->conf = CONF_REPAIRED;
        return true;
    }
    return false;
}

/* ---- what stays in doubt ------------------------------------------------ */

static void doubt(struct evidence *ev, bool broken)
{
    if (broken && !ev->unsure)
        ev->conf = (int16_t)(ev->conf * 7 / 10);
    ev->unsure = true;
}

static bool in_broken(const struct repair_set *s, size_t slot)
{
    for (size_t i = 0; i < s->n; i++)
        if (repair_identity_has(s, &s->list[i], slot) &&
            repair_identity_fit(s, &s->list[i]) == REPAIR_BROKEN)
            return true;
    return false;
}

/* What is printed holds, and would not with any other doubted digit. */
static bool is_settled(const struct repair_set *s, size_t slot)
{
    struct change other;
    return holds(s, slot) && changes_of(s, slot, &other) == 0;
}

/* A broken identity without doubted digits: whatever nothing else confirms
 * is unsure, else the result. */
static void doubt_sure(const struct repair_set *s,
                       const struct repair_identity *id)
{
    bool any = false;
    for (uint32_t i = 0; i < id->n; i++) {
        size_t slot = s->terms[id->first + i].slot;
        bool confirmed = false;
        for (size_t k = 0; k < s->n; k++)
            confirmed |= repair_identity_has(s, &s->list[k], slot) &&
                         repair_identity_fit(s, &s->list[k]) == REPAIR_EXACT;
        if (confirmed)
            continue;
        doubt(s->slots[slot].ev, true);
        any = true;
    }
    if (!any)
        doubt(s->slots[s->terms[id->first + id->n - 1].slot].ev, true);
}

static void doubt_rest(const struct repair_set *s, bool all_ocr)
{
    for (size_t i = 0; i < s->n_slots; i++)
        if (*s->slots[i].ink && !s->slots[i].ev->derived && !is_settled(s, i))
            doubt(s->slots[i].ev, in_broken(s, i));
    for (size_t i = 0; i < s->n; i++) {
        const struct repair_identity *id = &s->list[i];
        bool doubted = false;
        for (uint32_t k = 0; k < id->n; k++)
            doubted |= *s->slots[s->terms[id->first + k].slot].ink != 0;
        if (!doubted && all_ocr && repair_identity_fit(s, id) == REPAIR_BROKEN)
            doubt_sure(s, id);
    }
}

/* A total computed from numbers that do not add up. */
static void doubt_totals(const struct repair_set *s, struct invoice *inv)
{
    static const enum field_id totals[] = {F_total_ht, F_total_tva};
    bool broken = false;
    for (size_t i = 0; i < s->n; i++)
        broken |= repair_identity_fit(s, &s->list[i]) == REPAIR_BROKEN &&
                  s->list[i].kind == REPAIR_SUM;
    for (size_t i = 0; i < ARRAY_LEN(totals); i++)
        if (inv->f[totals[i]].ev.derived)
            inv->f[totals[i]].ev.unsure |= broken;
}

static void doubt_alone(const struct repair_set *s, const int64_t *num,
                        uint32_t ink, struct evidence *ev)
{
    for (size_t i = 0; i < s->n_slots; i++)
        if (s->slots[i].num == num)
            return;
    ev->unsure |= ink != 0;
}

/* Numbers of no identity, dates and references. */
static void doubt_fields(const struct repair_set *s, struct invoice *inv)
{
    for (int f = 0; f < F_MAX; f++)
        if (inv->f[f].present)
            doubt_alone(s, &inv->f[f].num, inv->f[f].ink, &inv->f[f].ev);
    for (size_t i = 0; i < inv->n_lines; i++) {
        struct line *l = &inv->lines[i];
        doubt_alone(s, &l->quantity_milli, l->quantity_ink, &l->ev);
        doubt_alone(s, &l->price_micro, l->price_ink, &l->ev);
        doubt_alone(s, &l->amount_cents, l->amount_ink, &l->ev);
    }
    for (size_t i = 0; i < inv->n_vat; i++) {
        struct vat_line *v = &inv->vat[i];
        doubt_alone(s, &v->base_cents, v->base_ink, &v->ev);
        doubt_alone(s, &v->amount_cents, v->amount_ink, &v->ev);
    }
    for (size_t i = 0; i < inv->n_meters; i++) {
        struct meter *m = &inv->meters[i];
        doubt_alone(s, &m->start, m->start_ink, &m->ev);
        doubt_alone(s, &m->end, m->end_ink, &m->ev);
        doubt_alone(s, &m->consumption, m->consumption_ink, &m->ev);
    }
}

void repair_run(struct arena *a, struct invoice *inv)
{
    struct repair_set set;
    if (!inv->from_ocr)
        return;
    repair_identity_build(a, inv, &set);
    for (int i = 0; i < ROUNDS && repair_one(&set); i++)
        continue;
    /* on a mixed document the printed mistake may stand in the text */
    doubt_rest(&set, inv->ocr_pages == inv->n_pages);
    doubt_fields(&set, inv);
    doubt_totals(&set, inv);
}

/* ---- what follows from doubted rows ------------------------------------- */

static bool is_unsure_line(const struct invoice *inv, enum component from)
{
    for (size_t i = 0; i < inv->n_lines; i++)
        if (inv->lines[i].component == from && inv->lines[i].ev.unsure)
            return true;
    return false;
}

static bool is_unsure_meter(const struct invoice *inv)
{
    for (size_t i = 0; i < inv->n_meters; i++)
        if (inv->meters[i].ev.unsure)
            return true;
    return false;
}

void repair_follow(struct invoice *inv)
{
    const bool energy = is_unsure_line(inv, COMP_CONSUMPTION),
               standing = is_unsure_line(inv, COMP_SUBSCRIPTION),
               meter = is_unsure_meter(inv);
    const struct {
        enum field_id field;
        bool unsure;
    } rows[] = {
        {F_period_start, energy},         {F_period_end, energy},
        {F_subscription_start, standing}, {F_subscription_end, standing},
        {F_billed_kwh, energy || meter},  {F_volume_m3, meter}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct value *v = &inv->f[rows[i].field];
        if (v->ev.derived || !v->present)
            v->ev.unsure |= rows[i].unsure;
    }
}
