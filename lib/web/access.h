/* The access log: one line a request, made without the JSON library because
 * it is on the way of every answer. */
#pragma once
#include "web/req.h"

/* Decides once whether lines are wanted (LOG_LEVEL). */
void access_init(const char *program);
/* Writes the line of an answered request. */
void access_log(const struct req *r, int64_t micros);
