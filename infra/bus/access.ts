// How to reach a broker that is not open to everyone: paths of files with keys and secrets, none of which stands here itself.

/** Each a variable of the configuration; files are read anew at each connection, so that what is in them may be replaced. */
export interface BusAccess {
  /** NATS_CA: PEM file of the authorities that signed the broker's certificate; without it those that Node trusts. */
  readonly caFile?: string | undefined
  /** NATS_CERT and NATS_KEY: PEM files of our own certificate and its key, where the broker asks for one. */
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  /** NATS_USER and NATS_PASSWORD_FILE. */
  readonly user?: string | undefined
  readonly passwordFile?: string | undefined
  /** NATS_TOKEN_FILE. */
  readonly tokenFile?: string | undefined
  /** NATS_CREDS: a .creds file with JWT and seed. */
  readonly credsFile?: string | undefined
  /** NATS_NKEY: file with the seed of a user's nkey. */
  readonly nkeyFile?: string | undefined
}
