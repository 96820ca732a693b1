// Turns off the usage telemetry of @apollo/gateway, which is on unless this variable says otherwise.

// The one place outside infra/config.ts that touches the environment, and it only writes: the library has no option
// for it and reads the variable when an ApolloGateway is made.
process.env['APOLLO_TELEMETRY_DISABLED'] = '1'
