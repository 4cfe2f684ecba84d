import type { Resolved } from '../../schema/fields.js';
import { csvSettings } from '../csv/settings.js';
import { cifar100Settings } from './cifar100-settings.js';
import { idxSettings } from './idx-settings.js';

/** What a configuration can say of formats that leave something open, by the name of the format. */
export const formatSettings = {
  csv: csvSettings,
  cifar100: cifar100Settings,
  idx: idxSettings,
} as const;

/** The settings that are given. */
export type FormatSettings = {
  readonly [Name in keyof typeof formatSettings]?:
    Resolved<(typeof formatSettings)[Name]> | undefined;
};
