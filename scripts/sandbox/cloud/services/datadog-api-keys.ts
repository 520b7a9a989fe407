import type { ResourceRules } from "../service.ts";

/** An API key of the organisation: 32 hexadecimal digits, shown once, when it is made. */
export const apiKeys: Readonly<Record<string, ResourceRules>> = {
  "datadog:index/apiKey:ApiKey": {
    computed: (operation) => ({ key: operation.hex("key", 32) }),
  },
};
