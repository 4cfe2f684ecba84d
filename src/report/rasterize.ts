import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);
const fontFiles = ['400Regular/Arimo_400Regular.ttf', '700Bold/Arimo_700Bold.ttf'];

/** The WebAssembly module may be initialized once only. */
let loaded: ReturnType<typeof load> | undefined;

/**
 * An SVG as PNG, drawn by resvg in WebAssembly with the bundled Arimo, so that it works and looks
 * the same on every machine, whatever fonts that has.
 * @param scale pixels of the image for one of the SVG
 */
export async function rasterize(svg: string, scale = 2): Promise<Uint8Array> {
  const [{ Resvg }, fontBuffers] = await Promise.all([
    (loaded ??= load()),
    Promise.all(fontFiles.map((file) => readFile(resolve(`@expo-google-fonts/arimo/${file}`)))),
  ]);
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontBuffers, defaultFontFamily: 'Arimo', sansSerifFamily: 'Arimo' },
  });
  const image = resvg.render();
  try {
    return image.asPng();
  } finally {
    image.free();
    resvg.free();
  }
}

async function load() {
  const resvg = await import('@resvg/resvg-wasm');
  await resvg.initWasm(await readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return resvg;
}
