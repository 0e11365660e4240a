// The library, a module of the page's own folder: where it is not there, or is not given to a file on a disk, nothing below runs.
import * as maplibregl from "./maplibre-gl.js";
