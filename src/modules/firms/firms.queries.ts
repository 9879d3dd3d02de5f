import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';

/** A firm as it leaves the API. */
export const FIRM_COLUMNS = `firm_id as id, slug, name, legal_name as "legalName", tax_id as "taxId", ledes_law_firm_id as "ledesLawFirmId",
  address_line1 as "addressLine1", address_line2 as "addressLine2", city, region, postal_code as "postalCode", country, phone, email, website,
  time_zone as "timeZone", currency, language, client_number_template as "clientNumberTemplate", case_number_template as "caseNumberTemplate",
  case_number_scope as "caseNumberScope", invoice_number_template as "invoiceNumberTemplate", work_week as "workWeek", work_day_minutes as "workDayMinutes",
  week_starts_on as "weekStartsOn", fiscal_year_start_month as "fiscalYearStartMonth", session_days as "sessionDays", trash_days as "trashDays",
  (select true from firm_logos l where l.firm_id = firms.firm_id) is not null as "hasLogo",
  version, created_at as "createdAt", updated_at as "updatedAt"`;

export const FIRM = `select ${FIRM_COLUMNS} from firms`;
export const LOCK_FIRM = `select ${FIRM_COLUMNS} from firms for update`;

const FIRM_ROW: Changeable = {
  table: 'firms', key: ['firm_id'], returning: FIRM_COLUMNS,
  columns: {
    name: 'name', legalName: 'legal_name', taxId: 'tax_id', ledesLawFirmId: 'ledes_law_firm_id', addressLine1: 'address_line1',
    addressLine2: 'address_line2', city: 'city', region: 'region', postalCode: 'postal_code', country: 'country', phone: 'phone', email: 'email',
    website: 'website', timeZone: 'time_zone', currency: 'currency', language: 'language', clientNumberTemplate: 'client_number_template',
    caseNumberTemplate: 'case_number_template', caseNumberScope: 'case_number_scope', invoiceNumberTemplate: 'invoice_number_template', workWeek: 'work_week',
    workDayMinutes: 'work_day_minutes', weekStartsOn: 'week_starts_on', fiscalYearStartMonth: 'fiscal_year_start_month', sessionDays: 'session_days', trashDays: 'trash_days',
  },
};

/** An update of just the given settings; where none is given, the firm as it is. */
export const updateFirm = (firmId: string, changes: object): Statement => updateOf(FIRM_ROW, [firmId], changes) ?? { text: FIRM };

export const LOGO = `select media_type as "mediaType", bytes, sha256 from firm_logos`;
export const SET_LOGO = `insert into firm_logos (firm_id, media_type, bytes, sha256) values ($1, $2, $3, $4)
  on conflict on constraint firm_logos_pk do update set media_type = excluded.media_type, bytes = excluded.bytes, sha256 = excluded.sha256`;
export const REMOVE_LOGO = `delete from firm_logos`;

export const CREATE_FIRM = `select doors.create_firm($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
