/* What a check's rule sees and how it reports: checks.c holds the table and
 * runs it, checks_<group>.c hold the rules. */
#pragma once
#include "invoice/audit.h"
#include "invoice/wording.h"

struct checks {
    struct arena *a;
    const struct reference *ref;
    const struct invoice *inv;
    int16_t conf_min;
    bool strict;
    /* of the check that runs */
    const struct check_text *text;
    bool low_fields; /* a needed field is below conf_min (strict=false) */
    bool low;        /* … or a line used since checks_again() */
    struct audit_result *out;
};

enum checks_outcome { CHECKS_SKIPPED, CHECKS_DONE };
typedef enum checks_outcome checks_rule(struct checks *c);

/* A finding in the making. */
struct checks_hit {
    enum direction direction;
    bool has_amount, partial; /* partial: rests on an unconfirmed value */
    bool info;                /* only informs, whatever the table says */
    int64_t amount_cents;
    const char *brief; /* see struct finding */
    struct evidence ev;
    struct wording_arg args[8]; /* up to the first without a name */
};

/* True when a value may be used: sure enough, or strict=false (then the
 * finding is downgraded to info). */
bool checks_usable(struct checks *c, const struct evidence *ev);
/* Forgets the low lines used so far: before looking at the next line. */
void checks_again(struct checks *c);
/* Adds a finding of the running check. What the customer gains, and what
 * rests on low confidence, is info. */
void checks_hit(struct checks *c, const struct checks_hit *hit);
/* An amount without VAT as with VAT at rate_bp, cents. */
int64_t checks_with_vat(int64_t cents, int32_t rate_bp);
/* DIR_LOSES when the customer pays too much. */
enum direction checks_direction(int64_t too_much_cents);

checks_rule checks_arithmetic_total, checks_arithmetic_lines,
    checks_arithmetic_meters, checks_arithmetic_gas, checks_arithmetic_vat,
    checks_arithmetic_due;
checks_rule checks_contract_estimated, checks_contract_limit,
    checks_contract_refund, checks_contract_offer, checks_contract_discount;
checks_rule checks_service_green, checks_service_extra,
    checks_service_collection, checks_service_termination,
    checks_service_paper, checks_service_cheque;
checks_rule checks_mention_penalty, checks_mention_missing,
    checks_mention_reform, checks_mention_identity, checks_mention_account,
    checks_mention_small;
checks_rule checks_xml_page, checks_xml_readable, checks_xml_sums;
checks_rule checks_history_twice, checks_history_gap, checks_history_unusual,
    checks_history_price;
checks_rule checks_tax_rate, checks_tax_excise, checks_tax_local;
checks_rule checks_network_cta, checks_network_cta_gas;
checks_rule checks_price_total, checks_price_subscription, checks_price_option,
    checks_price_power, checks_price_class;
checks_rule checks_power_overrun, checks_power_reactive, checks_power_formula,
    checks_power_category;
