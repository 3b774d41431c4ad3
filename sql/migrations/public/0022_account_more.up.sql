-- What accounts and charges lacked: headers of kept answers.

ALTER TABLE public.idempotency ADD COLUMN headers text;
COMMENT ON COLUMN public.idempotency.headers IS
    'Headers of the answer itself (Location, Content-Disposition), sealed as the answer is; NULL: none.';

-- Another e-mail address: the token goes to the new one and names it; the
-- session that asked goes on.
ALTER TABLE public.user_tokens
      ADD COLUMN email text CHECK (length(email) BETWEEN 3 AND 254),
      ADD COLUMN session_id bigint,
      DROP CONSTRAINT user_tokens_purpose_check,
      ADD CONSTRAINT user_tokens_purpose_check CHECK (purpose IN ('verify', 'reset', 'email')),
      ADD CONSTRAINT user_tokens_email CHECK ((purpose = 'email') = (email IS NOT NULL));
COMMENT ON COLUMN public.user_tokens.email IS
    'Of purpose email: the address that the account will have.';
ALTER TABLE public.user_sessions
      DROP CONSTRAINT user_sessions_revoked_why_check,
      ADD CONSTRAINT user_sessions_revoked_why_check
          CHECK (revoked_why IN ('logout', 'reuse', 'password', 'email', 'disabled', 'operator'));
