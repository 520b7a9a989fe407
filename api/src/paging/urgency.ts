/** Stands in whatever is told and need not wake anybody: the program writes it, and the function that pages looks for it. */
export const waits = "It can wait for the morning.";
