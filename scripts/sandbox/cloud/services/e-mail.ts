/** Whether the text has the form of an address: what the services check, which is little. */
export const isEmail = (text: string): boolean => /^[^\s@"<>]+@[^\s@."<>]+(\.[^\s@."<>]+)+$/.test(text);
