/* lib/domain/license.c: the matrix of states, and what each code is answered.
 */
#include "domain/license.h"
#include "base/str.h"
#include "tap.h"

static const struct license good = {.status = "active",
                                    .features = " search export-csv ",
                                    .tenant_active = true,
                                    .address_ok = true};

/* Every combination: the gravest reason is told. */
static void matrix(void)
{
    static const char *const states[] = {"active", "suspended", "revoked",
                                         "expired"};
    int wrong = 0;
    for (int i = 0; i < 4 * 8; i++) {
        struct license l = good;
        l.status = states[i % 4];
        l.tenant_active = !(i & 4);
        l.expired = (i & 8) || i % 4 == 3;
        l.address_ok = !(i & 16);
        const enum license_code want = i % 4 == 2   ? LICENSE_CODE_BANNED
                                       : i % 4 == 1 ? LICENSE_CODE_SUSPENDED
                                       : !l.tenant_active
                                           ? LICENSE_CODE_DISABLED
                                       : l.expired     ? LICENSE_CODE_EXPIRED
                                       : !l.address_ok ? LICENSE_CODE_FORBIDDEN
                                                       : LICENSE_CODE_VALID;
        wrong += license_judge(&l) != want;
    }
    tap_is_int(wrong, 0, "32 combinations of state, tenant, time and address");
    tap_is_int(license_judge(&good), LICENSE_CODE_VALID, "a good one");
}

static void answers(void)
{
    static const struct {
        enum license_code code;
        const char *word, *error, *french;
        int status;
    } rows[] = {
        {LICENSE_CODE_VALID, "VALID", "ok", "ok", 200},
        {LICENSE_CODE_NOT_FOUND, "NOT_FOUND", "license_invalid",
         "Licence invalide", 401},
        {LICENSE_CODE_BANNED, "BANNED", "license_invalid", "Licence invalide",
         401},
        {LICENSE_CODE_SUSPENDED, "SUSPENDED", "license_suspended",
         "Licence invalide", 401},
        {LICENSE_CODE_DISABLED, "DISABLED", "license_invalid",
         "Licence invalide", 401},
        {LICENSE_CODE_EXPIRED, "EXPIRED", "license_expired", "Licence expirée",
         401},
        {LICENSE_CODE_USAGE_EXCEEDED, "USAGE_EXCEEDED",
         "monthly_quota_exceeded", "Quota mensuel dépassé", 429},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const enum err e = license_code_error(rows[i].code);
        tap_is_str(license_code_word(rows[i].code), rows[i].word, "its word");
        tap_is_str(err_code(e), rows[i].error, "%s: its error", rows[i].word);
        tap_is_str(err_french(e), rows[i].french, "%s: the source's text",
                   rows[i].word);
        tap_is_int(err_status(e), rows[i].status, "%s: status", rows[i].word);
    }
    for (int c = 0; c < LICENSE_CODE_MAX; c++)
        tap_ok(*license_code_word((enum license_code)c), "code %d has a word",
               c);
}

int main(void)
{
    matrix();
    answers();
    tap_ok(license_has_feature(&good, "search"), "a feature");
    tap_ok(license_has_feature(&good, "export-csv"), "another");
    tap_ok(!license_has_feature(&good, "sea"), "a beginning is none");
    tap_ok(!license_has_feature(&good, "csv"), "an end is none");
    tap_ok(!license_has_feature(&good, ""), "nor is nothing");
    const struct license none = {.features = "  "};
    tap_ok(!license_has_feature(&none, "search"), "none of none");
    return tap_done();
}
