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
  font: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const get = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: get("ink"), soft: get("soft"), line: get("line"), raised: get("raised"), accent: get("accent"),
    bullish: get("bullish"), neutral: get("neutral"), fragile: get("fragile"), font: get("sans"),
  };
}
