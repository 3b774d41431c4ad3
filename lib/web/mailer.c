/* The relay's side is lib/wire/mail.c. */
#include "web/mailer.h"
#include <string.h>
#include "base/conf.h"
#include "base/str.h"
#include "web/metrics.h"
#include "wire/mail.h"

static const char *public_url(struct arena *a)
{
    const char *url = conf_str(CONF_PUBLIC_URL);
    const char *const *hosts;
    if (*url)
        return str_ends(url, "/") ? arena_strndup(a, url, strlen(url) - 1)
                                  : url;
    const size_t n = conf_list(CONF_ALLOWED_HOSTS, &hosts);
    const long long port = (long long)conf_int(CONF_HTTPS_PORT);
    return port == 443
               ? arena_printf(a, "https://%s", n ? hosts[0] : "localhost")
               : arena_printf(a, "https://%s:%lld", n ? hosts[0] : "localhost",
                              port);
}

const char *mailer_link(struct arena *a, const char *kind, const char *token)
{
    return arena_printf(a, "%s/#/%s/%s", public_url(a), kind, token);
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
