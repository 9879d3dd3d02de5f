const zones = new Set(Intl.supportedValuesOf('timeZone'));

/** Whether this is a name of the IANA time zone database, as this runtime knows it. */
export const isTimeZone = (name: string): boolean => zones.has(name) || name === 'UTC';
