/* One report as a finished PDF, with what the PDF says about itself. */
#include "invoice/report_pdf.h"

#include "base/clock.h"
#include "invoice/report_draw.h"
#include "base/banned.h"

enum { DAY_MS = 86400000 };

enum err report_pdf(struct arena *a, const struct report_model *m,
                    struct bytes *out)
{
    int64_t now = clock_now_ms();
    struct canvas_info info = {
        .title = m->anonymous ? "Analyse de facture d’énergie, version "
                                "anonymisée"
                              : "Analyse de facture d’énergie",
        .author = m->brand,
        /* the second of the analysis would tie it to a request */
        .created_ms = m->anonymous ? now / DAY_MS * DAY_MS : now,
    };
    struct canvas *c = canvas_open(a, &info);
    if (!c)
        return ERR_INTERNAL;
    report_draw(c, a, m);
    *out = canvas_close(c);
    return out->n ? OK : ERR_INTERNAL;
}
