/* Everything a report prints, typed: numbers, days and words of our own
 * tables. What was copied from the invoice as text is gathered in struct
 * model_private, which the anonymised report does not have. */
#pragma once
#include "invoice/audit.h"

enum { MODEL_NO_DAY = INT32_MIN };
#define MODEL_NO_AMOUNT INT64_MIN
/* Largest amount (cents) and quantity (thousandths) a report shows: sums and
 * shares of what a misread or hostile invoice prints cannot overflow. */
#define MODEL_LARGEST INT64_C(1000000000000)

/* Parts of the amount to pay, the segments of the bar. */
enum model_part {
    PART_ENERGY,
    PART_NETWORK,
    PART_TAXES,
    PART_SERVICES,
    PART_VAT,
    PART_UNKNOWN,
    PART_MAX
};

enum model_fact_id {
    FACT_KWH,
    FACT_KWH_DAY,
    FACT_ALL_IN,
    FACT_POWER,
    FACT_OPTION,
    FACT_GAS_CLASS,
    FACT_SEGMENT,
    FACT_OFFER,
    FACT_READING,
    FACT_DAYS
};

/* word, when not NULL, is static: it comes from our own tables. */
struct model_fact {
    enum model_fact_id id;
    enum energy energy;
    int64_t num;
    const char *word;
    int32_t day; /* MODEL_NO_DAY when none */
};

struct model_line {
    enum component component;
    enum energy energy;
    const char *registr; /* static word or NULL */
    const char *label;   /* as printed; NULL when anonymous or merged */
    bool has_quantity, has_price, has_amount, has_rate;
    int64_t quantity_milli, price_micro, amount_cents;
    const char *unit; /* static */
    int32_t rate_bp;
};

struct model_finding {
    const char *id, *advice, *source; /* static, from report_fr.tbl */
    const char *title; /* the check's short name, from the reference */
    enum severity severity;
    bool has_amount;
    int64_t amount_cents;
    int page; /* 0 when derived */
    const char *sentence;
    const char *wording; /* the check's sentence without its parameters */
};

struct model_market {
    enum energy energy;
    bool unavailable, has_annual;
    int32_t days, covered_days, gap_pm, saving_pct;
    int64_t cost_cents, reference_cents, saving_cents, annual_cents;
    int64_t option_cents, power_cents; /* parts of the saving */
    int32_t offers_day; /* the saving is against offers of that day; else 0 */
    int32_t lower_kva;
    enum verified verified;
    const char *why, *label;
};

/* Text of the invoice or of the caller; all NULL in the anonymised one. */
struct model_private {
    const char *supplier, *customer, *invoice_number, *point, *offer;
};

struct report_model {
    bool anonymous;
    enum energy energy;
    bool professional;
    const char *number, *brand; /* of the report, of the operator */
    int32_t today, invoice_date, start, end; /* days or MODEL_NO_DAY */
    struct model_private text;
    /* Amounts in cents or MODEL_NO_AMOUNT. */
    int64_t total_ht, total_tva, total_ttc, due, cheque, deposits, balance;
    int64_t parts[PART_MAX];
    bool power_exceeded;
    bool network_inside; /* PART_NETWORK is a printed share of the prices */
    struct model_line lines[8];
    size_t n_lines;
    struct model_market market[2], overall;
    size_t n_market;
    struct model_fact facts[8];
    size_t n_facts;
    struct model_finding *findings;
    size_t n_findings, points; /* points: the number in the highlights */
    size_t first; /* the finding that the highlights name */
    size_t checks_run, checks_total;
    size_t fields_sure, fields_doubtful;
    size_t n_repaired, n_unsure; /* numbers put right; rows in doubt */
    const char *doubtful[6]; /* static names */
    size_t n_doubtful;
    const char *warnings[4]; /* static words */
    size_t n_warnings;
    uint32_t pages, ocr_pages;
    int32_t trve_until, prvg_until;
    int64_t kept_days; /* for which key figures are kept; 0: not at all */
    int16_t conf; /* per mille */
};

enum card_tone { TONE_GOOD, TONE_NEUTRAL, TONE_BAD, TONE_UNKNOWN };
struct model_card {
    const char *title, *value, *detail;
    enum card_tone tone;
};

/* The full report's model; strings live in a or are static. */
RETURNS_NONNULL struct report_model *report_model_new(
    struct arena *a, const struct reference *ref,
    const struct audit_request *req, const struct audit_result *result);
/* Cards 0-2: savings, position, points; the same rules as the highlights. */
struct model_card report_card(struct arena *a, const struct report_model *m,
                              int i);
/* v within ±MODEL_LARGEST. */
int64_t report_model_bounded(int64_t v);
/* "électricité", "gaz", "électricité et gaz"; "énergie" for none. */
RETURNS_NONNULL const char *report_model_energy(enum energy e);
/* "Consommation, heures pleines (gaz)": our own label of a line. */
RETURNS_NONNULL const char *report_model_label(struct arena *a,
                                               const struct report_model *m,
                                               const struct model_line *l);
