/* The model of the anonymised report: built by copying what is allowed, so
 * that a member added to the model later is absent until allowed here. */
#include "invoice/anonymise.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "invoice/format_fr.h"
#include "invoice/report_draw.h"
#include "base/banned.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool digits_at(const char *s, int n)
{
    for (int i = 0; i < n; i++)
        if (!is_digit(s[i]))
            return false;
    return true;
}

/* "12/03/2025": its length, or 0. */
static size_t full_date(const char *s)
{
    return digits_at(s, 2) && s[2] == '/' && digits_at(s + 3, 2) &&
                   s[5] == '/' && digits_at(s + 6, 4) && !is_digit(s[10])
               ? 10
               : 0;
}

/* A plain, no-break or narrow no-break space: its length, or 0. */
static size_t space_at(const char *s)
{
    if (*s == ' ')
        return 1;
    if (str_starts(s, "\u00a0"))
        return 2;
    return str_starts(s, "\u202f") ? 3 : 0;
}

/* "1 234,56 €" at s: its length and value in cents; 0 for anything else and
 * for prices ("€/kWh"). */
static size_t amount_at(const char *s, int64_t *cents)
{
    const char *p = s;
    int64_t v = 0;
    int digits = 0;
    for (; digits < 12; digits++) {
        size_t gap = digits ? space_at(p) : 0;
        if (gap && digits_at(p + gap, 3) && !is_digit(p[gap + 3]))
            p += gap;
        if (!is_digit(*p))
            break;
        v = v * 10 + (*p++ - '0');
    }
    if (digits == 0 || *p != ',' || !digits_at(p + 1, 2) || is_digit(p[3]))
        return 0;
    *cents = v * 100 + (p[1] - '0') * 10 + (p[2] - '0');
    p += 3;
    p += space_at(p);
    if (!str_starts(p, "€") || p[3] == '/')
        return 0;
    return (size_t)(p + 3 - s);
}

const char *anonymise_text(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, a, strlen(s) * 2 + 64);
    for (char before = ' '; *s; before = *s++) {
        int64_t cents;
        size_t n;
        if (is_digit(before) || !is_digit(*s)) {
            buf_char(&b, *s);
        } else if (full_date(s)) {
            buf_add(&b, s + 3, 7);
            s += 9;
        } else if ((n = amount_at(s, &cents)) != 0) {
            buf_str(&b, cents > 0 && cents < 50
                            ? "moins de 1\u00a0€"
                            : format_fr_euros_round(a, cents));
            s += n - 1;
        } else {
            buf_char(&b, *s);
        }
    }
    return buf_cstr(&b);
}

static const char *own_text(struct arena *a, const char *s)
{
    return s ? anonymise_text(a, s) : NULL;
}

static void copy_lines(struct report_model *m, const struct report_model *full)
{
    m->n_lines = full->n_lines;
    for (size_t i = 0; i < full->n_lines; i++) {
        const struct model_line *l = &full->lines[i];
        m->lines[i] = (struct model_line){
            .component = l->component,
            .energy = l->energy,
            .registr = l->registr,
            .has_quantity = l->has_quantity,
            .has_price = l->has_price,
            .has_amount = l->has_amount,
            .has_rate = l->has_rate,
            .quantity_milli = l->quantity_milli,
            .price_micro = l->price_micro,
            .amount_cents = l->amount_cents,
            .unit = l->unit,
            .rate_bp = l->rate_bp,
        };
    }
}

static struct model_market copy_market(struct arena *a,
                                       const struct model_market *k)
{
    return (struct model_market){
        .energy = k->energy,
        .unavailable = k->unavailable,
        .has_annual = k->has_annual,
        .days = k->days,
        .covered_days = k->covered_days,
        .gap_pm = k->gap_pm,
        .saving_pct = k->saving_pct,
        .cost_cents = k->cost_cents,
        .reference_cents = k->reference_cents,
        .saving_cents = k->saving_cents,
        .annual_cents = k->annual_cents,
        .option_cents = k->option_cents,
        .power_cents = k->power_cents,
        .lower_kva = k->lower_kva,
        .offers_day = k->offers_day,
        .verified = k->verified,
        .why = own_text(a, k->why),
        .label = own_text(a, k->label),
    };
}

/* The sentence is the finding's wording rendered without free text. */
static void copy_findings(struct arena *a, struct report_model *m,
                          const struct report_model *full,
                          const struct audit_result *result)
{
    m->findings = ARENA_ARRAY(a, full->n_findings + 1, struct model_finding);
    m->n_findings = full->n_findings;
    for (size_t i = 0; i < full->n_findings; i++) {
        const struct model_finding *f = &full->findings[i];
        const char *sentence = result->findings[i].anonymous;
        m->findings[i] = (struct model_finding){
            .id = f->id,
            .advice = f->advice,
            .source = f->source,
            .title = f->title,
            .severity = f->severity,
            .has_amount = f->has_amount,
            .amount_cents = f->amount_cents,
            .page = f->page,
            .sentence = sentence ? anonymise_text(a, sentence) : f->title,
            .wording = f->wording,
        };
    }
}

static void copy_totals(struct report_model *m, const struct report_model *full)
{
    m->total_ht = full->total_ht;
    m->total_tva = full->total_tva;
    m->total_ttc = full->total_ttc;
    m->due = full->due;
    m->cheque = full->cheque;
    m->deposits = full->deposits;
    m->balance = full->balance;
    memcpy(m->parts, full->parts, sizeof m->parts);
    m->network_inside = full->network_inside;
    m->power_exceeded = full->power_exceeded;
}

static void copy_reading(struct report_model *m,
                         const struct report_model *full)
{
    m->checks_run = full->checks_run;
    m->checks_total = full->checks_total;
    m->fields_sure = full->fields_sure;
    m->fields_doubtful = full->fields_doubtful;
    m->n_repaired = full->n_repaired;
    m->n_unsure = full->n_unsure;
    m->n_doubtful = full->n_doubtful;
    memcpy(m->doubtful, full->doubtful, sizeof m->doubtful);
    m->n_warnings = full->n_warnings;
    memcpy(m->warnings, full->warnings, sizeof m->warnings);
    m->pages = full->pages;
    m->ocr_pages = full->ocr_pages;
    m->kept_days = full->kept_days;
    m->trve_until = full->trve_until;
    m->prvg_until = full->prvg_until;
    m->conf = full->conf;
}

struct report_model *anonymise_model(struct arena *a,
                                     const struct report_model *full,
                                     const struct audit_result *result)
{
    struct report_model *m = ARENA_NEW(a, struct report_model);
    m->anonymous = true;
    m->energy = full->energy;
    m->professional = full->professional;
    m->number = full->number;
    m->brand = full->brand;
    m->today = full->today;
    m->invoice_date = full->invoice_date;
    m->start = full->start;
    m->end = full->end;
    copy_totals(m, full);
    copy_lines(m, full);
    m->n_market = full->n_market;
    for (size_t i = 0; i < full->n_market; i++)
        m->market[i] = copy_market(a, &full->market[i]);
    m->overall = copy_market(a, &full->overall);
    memcpy(m->facts, full->facts, sizeof m->facts);
    m->n_facts = full->n_facts;
    copy_findings(a, m, full, result);
    m->points = full->points;
    m->first = full->first;
    copy_reading(m, full);
    return m;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Numbers become zeros, "T2" and "L224" stay: a reference of the invoice is
 * no word of ours even where a figure happens to equal it. */
static void mask_numbers(char *s)
{
    for (char before = ' '; *s; before = *s++) {
        if (!is_digit(*s) || is_letter(before))
            continue;
        for (; is_digit(*s); s++)
            *s = '0';
        s--;
    }
}

const char *anonymise_neutral(struct arena *a, const struct report_model *anon)
{
    struct report_model m = *anon;
    m.number = "";
    m.findings = ARENA_ARRAY(a, anon->n_findings + 1, struct model_finding);
    for (size_t i = 0; i < anon->n_findings; i++) {
        m.findings[i] = anon->findings[i];
        m.findings[i].sentence = anon->findings[i].wording;
    }
    struct canvas *c = canvas_record(a);
    report_draw(c, a, &m);
    char *text = arena_strdup(a, canvas_recorded(c));
    mask_numbers(text);
    return text;
}
