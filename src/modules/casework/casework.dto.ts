import { Answer, AnswerId } from '../../common/validation/fields.js';
import { CASE_STATUSES } from '../cases/cases.states.js';

/** Somebody, as far as a line of a list needs him. */
export class CaseworkPersonDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) name!: string;
}

/** The case something is about. */
export class CaseworkCaseDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) number!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String, enum: [...CASE_STATUSES] }) status!: string;
}
