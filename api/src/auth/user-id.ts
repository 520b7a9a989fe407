/** The ids that maps are kept under, and so what a token's `sub` may be. */
export const userIdPattern = /^[A-Za-z0-9][A-Za-z0-9_.:|-]{0,127}$/;
