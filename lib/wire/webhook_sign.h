/* By what a receiver knows that a webhook is ours: the headers of Standard
 * Webhooks v1 (standardwebhooks.com, specification of 2023), and those of the
 * plain form: X-Webhook-Signature and a bearer token. */
#pragma once
#include <stdint.h>
#include "base/arena.h"

enum { WEBHOOK_SIGN_HEADERS = 5, WEBHOOK_SIGN_SECRETS = 4 };

/* Takes WEBHOOK_SECRET (newest first, by commas) and WEBHOOK_TOKEN from conf.
 * A secret that begins with whsec_ is 24 to 64 bytes in Base64 behind it. NULL
 * when well, else one clear sentence, without a secret, owned by the process.
 */
MUST_CHECK const char *webhook_sign_init(void);

/* Writes the headers of one try into out ("Name: value", in a); how many:
 *   webhook-id, webhook-timestamp    always
 *   webhook-signature                v1,<Base64> for each secret, newest first:
 *                                    HMAC-SHA256 of "id.timestamp.body", keyed
 *                                    by the bytes behind whsec_, else by the
 *                                    text of the secret
 *   X-Webhook-Signature              sha256=<hex>: HMAC-SHA256 of the body,
 *                                    keyed by the text of the newest secret as
 *                                    it stands in the setting
 *   Authorization                    Bearer WEBHOOK_TOKEN
 * Those without a secret or a token are left out. */
size_t webhook_sign_headers(struct arena *a, const char *id, int64_t time_s,
                            struct bytes body,
                            const char *out[WEBHOOK_SIGN_HEADERS]);
