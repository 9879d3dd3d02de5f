import type { NonAttribute } from 'sequelize';

/**
 * The type of an association's property. Always import it as a type: the alias hides the class from decorator metadata,
 * which would otherwise touch it before its module has run (models import each other in circles).
 */
export type Rel<T> = NonAttribute<T>;
