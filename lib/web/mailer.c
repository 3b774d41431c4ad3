/* The relay's side is lib/wire/mail.c. */
#include "web/mailer.h"
#include <string.h>
#include "base/conf.h"
#include "base/str.h"
#include "web/address.h"
#include "web/metrics.h"
#include "wire/mail.h"

const char *mailer_link(struct arena *a, const char *kind, const char *token)
{
    return arena_printf(a, "%s/#/%s/%s", address_public(a), kind, token);
}

static const char *whole(struct arena *a, int64_t minutes, int64_t unit)
{
    return arena_printf(a, "%lld", (long long)((minutes + unit - 1) / unit));
}

void mailer_send(struct arena *a, const struct mailer_letter *l)
{
    const char *token = l->token ? l->token : "";
    const struct mail_word words[] = {
        {"link", mailer_link(a, l->kind, token)},
        {"code", token},
        {"brand", conf_str(CONF_REPORT_BRAND)},
        {"business", l->business ? l->business : conf_str(CONF_REPORT_BRAND)},
        {"address", l->address ? l->address : ""},
        {"minutes", whole(a, l->minutes, 1)},
        {"hours", whole(a, l->minutes, 60)},
        {"days", whole(a, l->minutes, 24 * 60)}};
    const struct mail m = {.to = l->to,
                           .kind = l->kind,
                           .language = l->language,
                           .words = words,
                           .n_words = ARRAY_LEN(words)};
    const enum err e = mail_send(a, &m);
    metrics_add(e ? METRIC_mails_failed : METRIC_mails_sent, 1);
}
