#include "judge.h"
#include "base/str.h"

struct fact { /* one number of a line, a VAT row, a meter or a field */
    const char *name;
    int64_t num;
    const char *text;
    const struct evidence *ev;
};

struct facts {
    struct fact list[2600];
    size_t n;
};

static void add(struct facts *f, const char *name, int64_t num,
                const char *text, const struct evidence *ev)
{
    if (f->n < ARRAY_LEN(f->list))
        f->list[f->n++] = (struct fact){name, num, text, ev};
}

/* Rows of the paper are told apart by where they stand. */
static const char *place(struct arena *a, const char *what,
                         const struct evidence *ev)
{
    return arena_printf(a, "%s %d/%.0f", what, ev->page, (double)ev->box.y0);
}

static void add_rows(struct arena *a, struct facts *f,
                     const struct invoice *inv)
{
    for (size_t i = 0; i < inv->n_lines; i++) {
        const struct line *l = &inv->lines[i];
        const char *at = place(a, "line", &l->ev);
        if (l->has_quantity)
            add(f, arena_printf(a, "%s quantity", at), l->quantity_milli, NULL,
                &l->ev);
        if (l->has_price)
            add(f, arena_printf(a, "%s price", at), l->price_micro, NULL,
                &l->ev);
        if (l->has_amount)
            add(f, arena_printf(a, "%s amount", at), l->amount_cents, NULL,
                &l->ev);
        if (l->has_period) {
            add(f, arena_printf(a, "%s start", at), l->start, NULL, &l->ev);
            add(f, arena_printf(a, "%s end", at), l->end, NULL, &l->ev);
        }
    }
    for (size_t i = 0; i < inv->n_vat; i++) {
        const struct vat_line *v = &inv->vat[i];
        add(f, arena_printf(a, "vat %d base", v->rate_bp), v->base_cents, NULL,
            &v->ev);
        add(f, arena_printf(a, "vat %d amount", v->rate_bp), v->amount_cents,
            NULL, &v->ev);
    }
    for (size_t i = 0; i < inv->n_meters; i++) {
        const struct meter *m = &inv->meters[i];
        const char *at = place(a, "meter", &m->ev);
        add(f, arena_printf(a, "%s %s start", at, m->registr), m->start, NULL,
            &m->ev);
        add(f, arena_printf(a, "%s %s end", at, m->registr), m->end, NULL,
            &m->ev);
        add(f, arena_printf(a, "%s %s used", at, m->registr), m->consumption,
            NULL, &m->ev);
    }
}

static struct facts *facts_of(struct arena *a, const struct invoice *inv)
{
    struct facts *f = ARENA_NEW(a, struct facts);
    for (int i = 0; i < F_MAX; i++)
        if (inv->f[i].present)
            add(f, field_infos[i].name, inv->f[i].num, inv->f[i].text,
                &inv->f[i].ev);
    add_rows(a, f, inv);
    return f;
}

static const struct fact *find(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->list[i].name, name))
            return &f->list[i];
    return NULL;
}

static bool same(const struct fact *a, const struct fact *b)
{
    return a->num == b->num &&
           (a->text == b->text ||
            (a->text && b->text && str_eq(a->text, b->text)));
}

size_t judge_unsure(const struct invoice *inv)
{
    size_t n = 0;
    for (int i = 0; i < F_MAX; i++)
        n += inv->f[i].ev.unsure;
    for (size_t i = 0; i < inv->n_lines; i++)
        n += inv->lines[i].ev.unsure;
    for (size_t i = 0; i < inv->n_vat; i++)
        n += inv->vat[i].ev.unsure;
    for (size_t i = 0; i < inv->n_meters; i++)
        n += inv->meters[i].ev.unsure;
    return n;
}

size_t judge_repaired(const struct invoice *inv)
{
    size_t n = 0;
    for (int i = 0; i < F_MAX; i++)
        n += inv->f[i].present && inv->f[i].ev.repaired;
    for (size_t i = 0; i < inv->n_lines; i++)
        n += inv->lines[i].ev.repaired;
    for (size_t i = 0; i < inv->n_vat; i++)
        n += inv->vat[i].ev.repaired;
    for (size_t i = 0; i < inv->n_meters; i++)
        n += inv->meters[i].ev.repaired;
    return n;
}

enum judge_verdict judge_readings(struct arena *a, const struct invoice *clean,
                                  const struct invoice *got, const char **where)
{
    const struct facts *before = facts_of(a, clean), *after = facts_of(a, got);
    enum judge_verdict worst = JUDGE_RIGHT;
    bool said = judge_unsure(got) > judge_unsure(clean);
    *where = NULL;
    for (size_t i = 0; i < before->n; i++) {
        const struct fact *x = &before->list[i], *y = find(after, x->name);
        if (y && same(x, y))
            continue;
        enum judge_verdict v = !y && !said           ? JUDGE_LOST
                               : !y || y->ev->unsure ? JUDGE_FLAGGED
                               : y->ev->repaired     ? JUDGE_WRONG_REPAIR
                                                     : JUDGE_SILENT;
        if (v > worst) {
            worst = v;
            *where = y ? arena_printf(a, "%s: %lld, was %lld", x->name,
                                      (long long)y->num, (long long)x->num)
                       : arena_printf(a, "%s: gone", x->name);
        }
    }
    for (size_t i = 0; i < after->n; i++)
        if (!find(before, after->list[i].name) && worst < JUDGE_SILENT &&
            !after->list[i].ev->unsure) {
            worst = JUDGE_SILENT;
            *where = arena_printf(a, "%s: new", after->list[i].name);
        }
    return worst;
}
