-- One-time tokens that are sent by mail.

-- name: make
-- A token (hash $1) of user $2 for purpose $3, good for $4 minutes; none when
-- three were made in the last hour: nobody's mailbox is flooded.
INSERT INTO public.user_tokens (hash, user_id, purpose, expires_at)
SELECT $1, $2::bigint, $3, now() + make_interval(mins => $4::integer)
 WHERE (SELECT count(*)
          FROM public.user_tokens AS t
         WHERE t.user_id = $2::bigint
           AND t.purpose = $3
           AND t.created_at > now() - interval '1 hour') < 3
RETURNING user_id;

-- name: holder
-- Whose is the good token $1 for purpose $2?
SELECT u.id, u.email, u.username
  FROM public.user_tokens AS t
  JOIN public.users AS u ON u.id = t.user_id
  JOIN public.tenants AS n ON n.id = u.tenant_id
 WHERE t.hash = $1
   AND t.purpose = $2
   AND t.used_at IS NULL
   AND t.expires_at > now()
   AND u.is_active
   AND n.is_active;

-- name: use
-- Token $1 for purpose $2 is used up, and with it all others of its user.
UPDATE public.user_tokens AS t
   SET used_at = now()
  FROM public.user_tokens AS mine
 WHERE mine.hash = $1
   AND mine.purpose = $2
   AND mine.used_at IS NULL
   AND mine.expires_at > now()
   AND t.user_id = mine.user_id
   AND t.purpose = mine.purpose
   AND t.used_at IS NULL
RETURNING t.user_id;

-- name: verify
-- The mail's reader proved the address by token $1: whose is it?
SELECT user_id, tenant_id
  FROM public.user_verify_email($1);

-- name: address
-- Where do mails to the user $1 go, and is the address proved?
SELECT id, email, language, is_verified
  FROM public.users
 WHERE id = $1::bigint
   AND is_active;

-- name: by_email
-- Who may get a mail at $1?
SELECT u.id, u.email, u.language, u.is_verified
  FROM public.users AS u
  JOIN public.tenants AS t ON t.id = u.tenant_id
 WHERE lower(u.email) = lower($1)
   AND u.is_active
   AND t.is_active;

-- name: void
-- No mail that user $1 was sent opens anything any more: for purpose $2, or
-- (NULL) for all.
UPDATE public.user_tokens
   SET used_at = now()
 WHERE user_id = $1::bigint
   AND purpose = coalesce($2, purpose)
   AND used_at IS NULL;
