#include "tenant_check.h"
#include "wire/mail.h"

const char *tenant_check_email(struct arena *a, const char *text,
                               const char **clean)
{
    (void)a;
    if (!mail_address_ok(text))
        return "must be an e-mail address";
    *clean = text;
    return NULL;
}
