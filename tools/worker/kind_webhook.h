/* The kind that delivers webhooks (docs/WEBHOOKS.md). */
#pragma once
#include "kinds.h"

enum err webhook_start(struct work *w, CURL **handle, void **call);
enum err webhook_done(struct work *w, void *call, CURLcode rc);
/* Its job is a dead letter for a reason of ours: the log of deliveries says
 * so too. */
enum err webhook_dead(struct work *w, const char *error);
