/* What of an invoice can be compared with a public price: amounts, months
 * and kWh of one energy, without services, fees and earlier periods. */
#pragma once
#include "invoice/invoice.h"
#include "invoice/reference.h"

enum basket_register { BASKET_BASE, BASKET_HP, BASKET_HC, BASKET_PEAK,
                       BASKET_TEMPO, BASKET_MAX = BASKET_TEMPO + 6 };

struct basket {
    enum energy energy;
    int32_t start, end, days;
    __int128 cost_subscription, cost_energy; /* cents x 10^4, with VAT */
    int64_t months_milli;
    int64_t kwh_milli[BASKET_MAX], all_kwh_milli;
    int64_t annual_kwh; /* printed, else -1 */
    const char *option; /* electricity: BASE, HPHC, TEMPO, EJP; else "" */
    int32_t kva;
    int32_t lower_kva; /* that would do; 0: not known, or none */
    bool heating; /* gas: price class chauffage */
    int16_t conf; /* least confidence of all that was used */
};

/* Fills *b; NULL when it can be compared, else the French reason why not
 * (days and conf are set as far as known). */
const char *basket_fill(struct arena *a, const struct reference *ref,
                        const struct invoice *inv, enum energy energy,
                        struct basket *b);
/* The line's energy; lines without one belong to a single-energy invoice. */
bool basket_line_is(const struct invoice *inv, const struct line *l,
                    enum energy energy);
/* kWh of a line in thousandths, negative when taken back; 0 when it has
 * none. */
int64_t basket_line_kwh(const struct line *l);
/* False when the lines do not make up the printed net total: they are not the
 * whole bill, or count a part of it twice, and what is summed from them would
 * be wrong. */
bool basket_is_whole(const struct invoice *inv);
/* True where other taxes apply: abroad, Corsica and overseas (20xxx, 97xxx,
 * 98xxx). */
bool basket_elsewhere(const struct invoice *inv);
/* The power that would do for the highest one reached, at least a tenth above
 * it; 0 when less than three tenths of the subscribed power stayed unused, or
 * none is lower. Up to 36 kVA powers go by steps, above by single kVA. */
int32_t basket_lower_power(int64_t kva, int64_t reached);
/* The least power one may subscribe that holds the one reached. */
int32_t basket_power_step(int64_t kva);
/* True when the supplier is that of a local network, which has network
 * tariffs for gas of its own. */
bool basket_own_network(const struct reference *ref,
                        const struct invoice *inv);
