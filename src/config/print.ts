import { Document, isCollection, isPair, visit } from 'yaml';

/**
 * The configuration as YAML, every default written out; loading it gives the same configuration.
 */
export function printConfig(config: object): string {
  const document = new Document(config);
  visit(document, {
    Collection: (_key, node, ancestors) => {
      // Layers, splits, dropouts and number lists read best on one line.
      const values = node.items.map((item) => (isPair(item) ? item.value : item));
      node.flow = ancestors.length > 4 && !values.some((value) => isCollection(value));
    },
  });
  return document.toString({ lineWidth: 100 });
}
