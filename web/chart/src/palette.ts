// Colours come from the stylesheet, so that light and dark are decided in one place.

export interface Palette {
  ink: string;
  soft: string;
  line: string;
  raised: string;
  accent: string;
  bullish: string;
  neutral: string;
  fragile: string;
  warn: string;
  font: string;
}

// readPalette reads the colours that hold for an element: those of paper are light.
export function readPalette(of: Element = document.documentElement): Palette {
  const style = getComputedStyle(of);
  const get = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: get("ink"), soft: get("soft"), line: get("line"), raised: get("raised"), accent: get("accent"),
    bullish: get("bullish"), neutral: get("neutral"), fragile: get("fragile"), warn: get("warn"), font: get("sans"),
  };
}
