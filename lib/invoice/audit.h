/* The whole main job: files in, extraction, findings, highlights and two
 * reports out. The synchronous route and the job kind both call audit_run. */
#pragma once
#include "base/err.h"
#include "document/document.h"
#include "invoice/history_store.h"
#include "invoice/invoice.h"
#include "invoice/reference.h"
#include "llm/llm.h"

enum { AUDIT_WARNINGS = 12 };

enum severity { SEV_HIGH, SEV_MEDIUM, SEV_LOW, SEV_INFO };
const char *severity_name(enum severity s); /* haute moyenne basse info */
enum direction { DIR_LOSES, DIR_GAINS, DIR_NEUTRAL };
const char *direction_name(enum direction d); /* client_perd client_gagne neutre */

/* A parameter of a finding's wording. Free text is dropped when anonymised. */
struct finding_arg {
    const char *name;  /* as in the wording template: {ttc} */
    const char *text;  /* ready to print, French */
    bool free_text;    /* came from the invoice: not in the anonymised one */
};

struct finding {
    const char *id; /* CHK-01 */
    enum severity severity;
    enum direction direction;
    bool has_amount;
    int64_t amount_cents; /* including VAT where it matters to the client */
    struct finding_arg args[8];
    size_t n_args;
    const char *brief; /* for the highlights, our own words, when the check's
                          own would say less; else NULL */
    const char *sentence; /* wording with all arguments */
    const char *anonymous; /* wording without free text */
    const char *source;   /* law, tariff or page */
    bool to_verify;       /* rests on a partial reference: « à vérifier » */
    struct evidence ev;
};

/* Position of one energy against its public reference (README 4.1). */
struct market {
    enum energy energy;
    bool unavailable;      /* no reference: say so, never guess */
    const char *why;       /* French reason when unavailable */
    int32_t days, covered_days;
    int64_t cost_cents, reference_cents; /* over the covered days, with VAT */
    int32_t gap_pm;        /* per mille, not capped */
    int64_t saving_cents;  /* over the period, >= 0 */
    int32_t saving_pct;    /* floor, capped at 40 */
    bool has_annual;
    int64_t annual_cents;
    int32_t hc_share_pm;   /* HP/HC only, else -1 */
    int64_t base_option_cents; /* reference cost in option Base, else -1 */
    /* Of cost and reference: subscription and CTA. */
    int64_t subscription_cents, reference_subscription_cents;
    /* Part of the saving that another option, another power would bring. */
    int64_t option_cents, power_cents;
    int32_t lower_kva; /* the power meant, else 0 */
    int64_t above_cents; /* cost above the reference, negative when below */
    /* When offers are loaded, saving and annual are against the cheapest one
     * and nothing else; else 0. */
    int32_t offers_day;
    enum verified verified;
    const char *label;     /* « Tarif réglementé Base 9 kVA, février 2026 » */
    int16_t conf;
};

struct audit_request {
    enum energy expected;    /* ENERGY_NONE = auto */
    int16_t confidence_min;  /* per mille */
    bool strict;
    const char *customer_name; /* given by the caller, may be NULL */
    const char *request_id;
    bool is_job; /* nobody waits: limits of jobs (document_limits_job) */
    uint32_t wall_ms; /* reading takes no longer; 0: as the limits say */
    /* between steps, or NULL; what is no OK ends the audit there */
    enum err (*progress)(void *with, int percent);
    void *progress_with;
    bool reading_only; /* no checks, no market, no reports; nothing stored */
    struct llm *llm;           /* second reader; NULL: none is asked */
    const struct history_store *store; /* NULL: nothing is kept */
};

/* What the second reader (a language model) did; provider is NULL when none
 * is set up. */
struct audit_second {
    const char *provider, *model;
    struct llm_usage usage;
    enum field_id used[F_MAX]; /* fields that hold its value */
    size_t n_used;
};

struct audit_result {
    struct invoice *invoice;
    struct finding *findings; /* ranked */
    size_t n_findings;
    size_t checks_run, checks_total;
    struct market market[2];
    size_t n_market;
    struct market overall;   /* dual: sums; else market[0] */
    const char *highlights[4];
    size_t n_highlights;
    const char *warnings[AUDIT_WARNINGS];
    size_t n_warnings;
    const char *uncertain[F_MAX]; /* fields read with less confidence than
                                     asked, in the order of fields.tbl */
    size_t n_uncertain;
    int16_t confidence_min; /* as asked: rows below it are uncertain too */
    struct audit_second second;
    struct history *past; /* NULL: nothing is kept, or nobody could be asked */
    size_t n_past;
    struct bytes full_pdf, anonymous_pdf;
    /* on ERR_ENERGY_TYPE_MISMATCH: members of the 422 */
    enum energy detected;
    int16_t detected_conf;
    const char *why;
};

/* Files must be sniffed. Result members live in a; on error out->detected,
 * detected_conf and why may be set. Errors: those of document_read,
 * ERR_ENERGY_TYPE_MISMATCH, ERR_ENERGY_TYPE_UNDETECTED,
 * ERR_CONFIDENCE_TOO_LOW, ERR_ANONYMISATION_FAILED; what progress answers. */
MUST_CHECK enum err audit_run(struct arena *a, const struct reference *ref,
                              const struct upload *files, size_t n,
                              const struct audit_request *req,
                              struct audit_result *out);

/* Adds a code to out->warnings, once. */
void audit_warn(struct audit_result *out, const char *code);
/* What type, strict and confidence_min mean for out->invoice: refuses, or
 * adapts the record and warns. Pure. */
MUST_CHECK enum err audit_settle(const struct audit_request *req,
                                 struct audit_result *out);
/* The steps, each pure over the record (no I/O): */
/* market.c: fills out->market, n_market, overall. */
void market_compute(struct arena *a, const struct reference *ref,
                    const struct invoice *inv, int16_t conf_min,
                    struct audit_result *out);
/* checks.c: runs the table of checks, fills findings (ranked), counts. */
void checks_run(struct arena *a, const struct reference *ref,
                const struct invoice *inv, const struct audit_request *req,
                struct audit_result *out);
/* highlights.c: 3-4 lines of at most 70 characters; needs out->invoice,
 * market and findings. */
void highlights_write(struct arena *a, const struct reference *ref,
                      struct audit_result *out);
/* Points to verify: checks, not lines; one that only informs is none. *first
 * is the gravest, NULL when there is none. */
size_t highlights_points(const struct reference *ref,
                         const struct audit_result *out,
                         const struct finding **first);
/* More power was drawn than subscribed, as printed or as billed. */
bool highlights_power(const struct invoice *inv);
/* report.c: both PDFs from out; needs fonts in share/fonts. The anonymised
 * one is drawn from an allow-listed model and proved by document_prove. */
MUST_CHECK enum err report_pair(struct arena *a, const struct reference *ref,
                                const struct audit_request *req,
                                struct audit_result *out);
/* The answer's members extraction, findings, market, energy_type...; the
 * caller owns the json. */
json_t *audit_to_json(const struct audit_result *r);
