/* What a user's own API key may be allowed: the words that routes name. */
#pragma once

/* One row a scope: docs/KEYS.md explains each, and a check compares both with
 * the routes of all programs. */
#define SCOPE_NAMES "account:read|invoices|metrics"
