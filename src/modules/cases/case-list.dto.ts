import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { PageQuery } from '../../common/pagination/page.js';
import { Day, Id, JsonText, OneOf, Text, Texts } from '../../common/validation/fields.js';
import { CASE_ACCESS, CASE_STATUSES } from './cases.states.js';

/** `a,b`, `?x=a&x=b`, or both. */
const Several = (options: Parameters<typeof Texts>[0]): PropertyDecorator => applyDecorators(
  Texts({ ...options, optional: true, min: 1 }),
  Transform(({ value }) => value === undefined ? undefined : (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => (typeof one === 'string' ? one.split(',').map((part) => part.trim()).filter(Boolean) : [one]))),
);

/** Filters of the list of cases; all that are given must hold. */
export class CaseQuery extends PageQuery {
  @Several({ max: 5, each: { in: CASE_STATUSES }, description: 'One or several' }) status?: string[];
  @Id({ optional: true }) clientId?: string;
  @Id({ optional: true, description: 'Cases this person works on' }) memberId?: string;
  @Id({ optional: true }) responsibleAttorneyId?: string;
  @Text({ optional: true, max: 60 }) practiceArea?: string;
  @OneOf(CASE_ACCESS, { optional: true }) access?: string;
  @Several({ max: 20, each: { max: 60 }, description: 'Cases that carry at least one of these' }) tag?: string[];
  @JsonText({ optional: true, max: 2000, description: 'JSON object that the case’s metadata contains', example: '{"costCentre":"NY-4"}' }) metadata?: string;
  @Text({ optional: true, max: 200, description: 'Words that stand in number, title, docket number, client’s or a party’s name; all of them' }) q?: string;
  @Day({ optional: true }) openedFrom?: string;
  @Day({ optional: true }) openedTo?: string;
  @Day({ optional: true }) closedFrom?: string;
  @Day({ optional: true }) closedTo?: string;
  @Day({ optional: true }) limitationFrom?: string;
  @Day({ optional: true }) limitationTo?: string;
}
