import { Injectable } from '@nestjs/common';
import { fileTooLarge, type IncomingFile } from '../../../common/http/form.js';
import type { Upload, UploadedFile } from '../../../common/http/upload.js';
import { Environment } from '../../../config/environment.js';
import { describeReceived, type DescribedFile } from '../files/described-file.js';
import { Quarantine, type ReceivedFile } from '../../storage/quarantine.js';
import { StoredFiles, type PlacedFile } from '../../storage/stored-files.service.js';
import { fileTypeRefused } from './versions.errors.js';

/** A file on its way to become a version: its bytes have a place, and it is known what they are. */
export interface NewFile extends DescribedFile {
  placed: PlacedFile;
}

/** What taking one file needs. */
@Injectable()
export class FileIntake {
  constructor(
    private readonly environment: Environment,
    private readonly quarantine: Quarantine,
    private readonly stored: StoredFiles,
  ) {}

  /** Steps of an upload of one file that ends in `record`, for the caller's firm. */
  upload<Fields extends object, Body>(firmId: string, steps: FileSteps<Fields, Body>): Upload<Fields, Body> {
    const maxBytes = this.environment.UPLOAD_LIMIT_MB * 1024 * 1024;
    return new FileUpload(this.quarantine, this.stored, firmId, maxBytes, steps);
  }
}

export interface FileSteps<Fields, Body> {
  /** See Upload. */
  admit: Upload['admit'];
  /** In the transaction; `claim` says which object holds the bytes, and `file` what they are. */
  record(fields: Fields, file: NewFile, claim: () => Promise<string>): Promise<Body>;
}

class FileUpload<Fields extends object, Body> implements Upload<Fields, Body> {
  private received: ReceivedFile | undefined;
  private described: DescribedFile | undefined;
  private placed: PlacedFile | undefined;
  private claimed = false;

  constructor(
    private readonly quarantine: Quarantine,
    private readonly stored: StoredFiles,
    private readonly firmId: string,
    private readonly maxBytes: number,
    private readonly steps: FileSteps<Fields, Body>,
  ) {}

  admit(before: Parameters<Upload['admit']>[0]): Promise<void> {
    return this.steps.admit(before);
  }

  async receive({ name, declaredType, stream }: IncomingFile): Promise<UploadedFile> {
    const received = await this.quarantine.receive(stream, { maxBytes: this.maxBytes, tooLarge: () => fileTooLarge(this.maxBytes) });
    this.received = received;
    this.described = await describeReceived(received, name, declaredType);
    const { fileName, refused } = this.described;
    if (refused) throw fileTypeRefused({ detail: refused, errors: [{ pointer: '/file', code: 'file_type_refused', message: `${fileName} is a program` }] });
    return { name: fileName, sha256: received.sha256 };
  }

  async place(): Promise<void> {
    this.placed = await this.stored.place(this.firmId, this.received!);
  }

  record(fields: Fields): Promise<Body> {
    return this.steps.record(fields, { ...this.described!, placed: this.placed! }, () => {
      this.claimed = true;
      return this.stored.claim(this.placed!);
    });
  }

  async close(outcome: 'recorded' | 'refused' | 'unknown'): Promise<void> {
    if (this.received && !this.placed) await this.quarantine.discard(this.received);
    // recorded without having been claimed: the answer of an earlier request was given again
    if (this.placed && (outcome === 'refused' || (outcome === 'recorded' && !this.claimed))) this.stored.withdraw(this.placed);
  }
}
