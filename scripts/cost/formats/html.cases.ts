import chromium from "@sparticuz/chromium";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** Browsers of this machine, then the one that comes as a package. */
async function executables(): Promise<readonly string[]> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)).filter(existsSync));
  const packaged = await chromium.executablePath().catch(() => undefined);
  return [...installed, ...(packaged === undefined ? [] : [packaged])];
}

/** The first browser that starts. Throws with what each said. */
export async function startBrowser(): Promise<Browser> {
  const reasons: string[] = [];
  for (const executablePath of await executables())
    try {
      // As root, in a container, there is no sandbox to be had; the page is the project's own.
      const args = [...new Set([...chromium.args, "--no-sandbox"])];
      return await puppeteer.launch({ executablePath, args, headless: "shell" });
    } catch (error) {
      reasons.push(`${executablePath}: ${error instanceof Error ? error.message : String(error)}`);
    }
  throw new Error(`no browser starts:\n${reasons.join("\n")}`);
}
