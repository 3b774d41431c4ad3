-- Another e-mail address of a user (docs/ACCOUNTS.md).

-- name: ask
-- A token (hash $1) by which user $2 takes the address $3, good for $4 minutes,
-- asked for in session $5; none when somebody has that address, or when three
-- were made in the last hour: nobody's mailbox is flooded.
INSERT INTO public.user_tokens (hash, user_id, purpose, expires_at, email, session_id)
SELECT $1, $2::bigint, 'email', now() + make_interval(mins => $4::integer), $3, $5::bigint
 WHERE NOT EXISTS (SELECT FROM public.users AS u
                    WHERE lower(u.email) = lower($3) OR lower(u.username) = lower($3))
   AND (SELECT count(*)
          FROM public.user_tokens AS t
         WHERE t.user_id = $2::bigint
           AND t.purpose = 'email'
           AND t.created_at > now() - interval '1 hour') < 3
RETURNING user_id;

-- name: holder
-- Whose is the good token $1, from which address to which, in which session?
-- Two at once: the second one waits here, and finds it used.
SELECT t.user_id, t.email AS fresh, t.session_id, u.tenant_id, u.email AS old, u.language
  FROM public.user_tokens AS t
  JOIN public.users AS u ON u.id = t.user_id
  JOIN public.tenants AS n ON n.id = u.tenant_id
 WHERE t.hash = $1
   AND t.purpose = 'email'
   AND t.used_at IS NULL
   AND t.expires_at > now()
   AND u.is_active
   AND n.is_active
   FOR UPDATE OF t;

-- name: take
-- User $1 has the address $2 from now on, which is proved; a name that was the
-- old address follows it. All access tokens end.
UPDATE public.users
   SET username = CASE WHEN lower(username) = lower(email) THEN $2 ELSE username END,
       email = $2, is_verified = true, token_version = token_version + 1, updated_at = now()
 WHERE id = $1::bigint
RETURNING id;
