/* Tariffs, taxes, suppliers and patterns: data that rules read, loaded once
 * from PostgreSQL (or from the TSV seeds for tools and tests). Prices are
 * micro-euros with VAT where the name says ttc; rates as in invoice.h. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/arena.h"

enum verified { VERIFIED_NO, VERIFIED_PARTIAL, VERIFIED_YES };

/* One row per grid date, option and power. Absent prices are -1.
 * valid_to is INT32_MAX when open. */
struct trve_row {
    int32_t from, to;
    char option[8]; /* BASE, HPHC, TEMPO, EJP */
    int32_t kva;
    int64_t month_ttc; /* subscription a month, micro-euros */
    int64_t base, hp, hc; /* kWh, micro-euros with VAT */
    int64_t tempo[6]; /* bleu hc, hp, blanc hc, hp, rouge hc, hp */
    enum verified verified;
};
struct prvg_row { /* gas price reference of a month */
    int32_t month; /* first day */
    bool heating;  /* chauffage, else cuisson_ecs */
    int64_t year_ttc, kwh_ttc;
    enum verified verified;
};
struct excise_row {
    bool gas;
    int32_t kva_from, kva_to; /* power category; 0..INT32_MAX for gas */
    char category[32];
    int32_t from, to;
    int64_t micro_per_mwh; /* -1 when missing */
    enum verified verified;
};
struct vat_row {
    char component[24]; /* as tva.tsv */
    int32_t from, to;
    int32_t rate_bp;
    bool over_36kva; /* applies only above 36 kVA */
    enum verified verified;
};
enum cta_part { CTA_ELEC, CTA_ELEC_TRANSPORT, CTA_GAS, CTA_GAS_SHARE,
                CTA_GAS_COEF, CTA_MAX };
struct cta_row { /* percent of the fixed part of the network tariff */
    enum cta_part part;
    int32_t from, to;
    int32_t rate_bp; /* -1 when missing */
    enum verified verified;
};
enum { TURPE_HPH, TURPE_HCH, TURPE_HPB, TURPE_HCB, TURPE_HP, TURPE_HC,
       TURPE_BASE, TURPE_MAX };
struct turpe_row { /* network tariff for electricity, without VAT */
    int32_t from, to;
    char fta[12];
    bool over_36kva;
    int64_t fixed_year;     /* management and metering, micro-euros a year */
    int64_t kva_year[4];    /* micro-euros a kVA and year: by season above 36
                               kVA, else only the first; -1 when missing */
    int64_t kwh[TURPE_MAX]; /* millionths of a cent a kWh; 0: not a register
                               of this formula */
    enum verified verified;
};
struct atrd_row { /* GRDF's network tariff for gas, without VAT */
    int32_t from, to;
    char class[4];
    int32_t kwh_from, kwh_to; /* annual consumption, kwh_to excluded */
    int64_t year;             /* micro-euros, -1 when missing */
    enum verified verified;
};
struct offer_row { /* an offer on the market, with VAT */
    int32_t from, to;
    bool gas;
    char option[8]; /* BASE, HPHC; gas: T1, T2 or "" for both */
    int32_t kva;    /* 0 for gas */
    int64_t month_ttc, base, hp, hc;
};
struct supplier {
    const char *id, *name, *siren; /* siren may be "" */
    const char **names;   /* name, legal names, aliases */
    size_t n_names;
    const char **domains;
    size_t n_domains;
    const char **phones;
    size_t n_phones;
    const char **labels;
    size_t n_labels;
    bool elec, gas, is_operator, is_brand, is_local; /* kind grd, marque, eld:
                                        a local one has a network of its own */
};
struct pattern {
    const char *id, *regex, *groups;
    void *code; /* pcre2_code, compiled at load */
};

/* Severity and wording of a check: words are data, rules are code. */
struct check_text {
    const char *id, *group;
    const char *severity; /* haute, moyenne, basse or info */
    const char *energy;   /* all, elec or gaz */
    const char *audience; /* all, conso or pro */
    const char *wording;  /* with {names} to fill in */
    const char *brief;    /* at most 40 characters, for the highlights */
    const char *source;
    enum verified verified; /* has the source been read? */
};

/* What lexicon.c makes of the patterns, once. */
struct reference_lexicons {
    struct lexicon *labels, *mentions, *roles;
};

struct reference {
    struct arena *memory;
    struct trve_row *trve;      size_t n_trve;
    struct prvg_row *prvg;      size_t n_prvg;
    struct excise_row *excise;  size_t n_excise;
    struct vat_row *vat;        size_t n_vat;
    struct cta_row *cta;        size_t n_cta;
    struct turpe_row *turpe;    size_t n_turpe;
    struct atrd_row *atrd;      size_t n_atrd;
    struct offer_row *offers;   size_t n_offers;
    int32_t offers_day; /* when they were loaded; a file does not tell: the
                           newest valid_from */
    struct supplier *suppliers; size_t n_suppliers;
    struct pattern *patterns;   size_t n_patterns;
    struct check_text *checks;  size_t n_checks;
    struct reference_lexicons *lexicons; /* NULL in tables made by hand */
    /* Last day covered by full rows. An open electricity grid counts until
     * the next 1 February or 1 August, when the regulated tariff changes. */
    int32_t trve_until, prvg_until;
    int64_t version; /* changes with every import */
};

/* Reads the TSV files of a folder (sql/seeds/energy); extra_suppliers names
 * one more supplier table or is NULL. NULL on failure, logged. */
struct reference *reference_from_tsv(const char *dir,
                                     const char *extra_suppliers);
/* Reads the same from PostgreSQL; NULL when the database does not answer. */
struct db;
struct reference *reference_from_db(struct db *db);
void reference_free(struct reference *ref);

/* The row valid on a day, or NULL. Nothing is extrapolated: past trve_until
 * there is no row, even when the last grid is open. kva 0 (gas) finds the
 * rows that are not for large powers. */
const struct trve_row *reference_trve(const struct reference *r, int32_t day,
                                      const char *option, int32_t kva);
const struct prvg_row *reference_prvg(const struct reference *r, int32_t day,
                                      bool heating);
const struct excise_row *reference_excise(const struct reference *r,
                                          int32_t day, bool gas, int32_t kva);
const struct vat_row *reference_vat(const struct reference *r, int32_t day,
                                    const char *component, int32_t kva);
/* Rows of network tariffs; none where a price is missing. */
const struct cta_row *reference_cta(const struct reference *r, int32_t day,
                                    enum cta_part part);
const struct turpe_row *reference_turpe(const struct reference *r, int32_t day,
                                        const char *fta);
const struct atrd_row *reference_atrd(const struct reference *r, int32_t day,
                                      const char *class);
/* Fixed part of a formula for one power in all seasons, micro-euros a year
 * without VAT (CG + CC + b x kVA); -1 when the formula has none. */
int64_t reference_turpe_fixed(const struct turpe_row *t, int32_t kva);
const struct pattern *reference_pattern(const struct reference *r,
                                        const char *id);
const struct check_text *reference_check(const struct reference *r,
                                         const char *id);
