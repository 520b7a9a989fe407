// Pulumi's runner compiles a .ts entry with an old TypeScript of its own; from here on Node strips the types itself.
import "./index.ts";
