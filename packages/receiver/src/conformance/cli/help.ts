export const usage = `posthorn-receiver tries a receiver of webhooks, and says what it does well and badly.

  posthorn-receiver check URL --scheme NAME [options]
  posthorn-receiver schemes     the providers that it can play
  posthorn-receiver checks      what is tried, and why
  posthorn-receiver --version

It sends genuine events, forgeries, and requests that are odd, large and slow: use a receiver whose
events have no effect. Exit code 0: nothing bad. 1: something is bad. 2: it could not be run.

The secret, one of:
  --secret-env NAME     of an environment variable
  --secret-file FILE    of a file
  --secret TEXT         others on this machine can read it in the list of processes
  --private-key FILE    for schemes with a key pair, PEM: the receiver under test has its public key
                        (without any, only forgeries are sent to such a receiver)

What is sent:
  --config NAME=VALUE   what a scheme wants to be told beside it (see schemes), repeatable
  --public-url URL      the URL that the receiver is called by, where the scheme signs it
  --event FILE          a body of your own instead of a made-up event
  --event-type TYPE     its type, where a header says it
  --header NAME:VALUE   with every request, repeatable
  --only, --skip NAMES  some of the checks, with commas between
  --count-url URL       answers how many events were handled (a number, or JSON with a count):
                        shows whether a repeated event is handled once
  --concurrency N       how many at once (10)
  --deadline MS         how long the provider waits (the scheme's, or 5000)
  --timeout MS          how long an answer is waited for (15000 or more)
  --remote              allow a host that is not on this machine or in a private network: only one
                        of your own

  --json                the report as JSON
`;
