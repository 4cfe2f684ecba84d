/** Every kind of augmentation there is: adding one takes its file and a line here. */
export { cutout } from './cutout.js';
export { horizontalFlip } from './horizontal-flip.js';
export { noise } from './noise.js';
export { randomCrop } from './random-crop.js';
export { rotation } from './rotation.js';
export { shift } from './shift.js';
